package io.cotidal.copies.steps;

/**
 * An upload that was not taken; nothing of it is left. The message is one line with reason and
 * remedy.
 */
public final class UploadRefused extends Exception {
  private static final long serialVersionUID = 1;

  private final Why why;

  /** Why it was not taken. */
  public enum Why {
    /** The bytes that were announced did not all come, or came too slowly. */
    CUT,
    /** It has another checksum than the client says, or says it badly. */
    WRONG,
    /** It is larger than uploads may be. */
    TOO_LARGE,
    /** The volume has no room for it. */
    NO_ROOM,
    /** Another one is under way for the template. */
    BUSY
  }

  UploadRefused(Why why, String message) {
    super(message);
    this.why = why;
  }

  /** The reason. */
  public Why why() {
    return why;
  }
}
