package io.cotidal.feeds.transfer;

import java.io.IOException;
import java.util.Locale;

/** A file that did not come; the message is one line with place, reason and remedy. */
public final class TransferException extends Exception {
  private static final long serialVersionUID = 1;

  /** What is to be made of it. */
  public enum Kind {
    /** The other machine does not answer, breaks off, or does not take or give what we ask for. */
    UNREACHABLE,
    /** The other machine's key is not the pinned one, or none is pinned. */
    UNKNOWN_HOST,
    /** The other machine says that it has no such file, or none that may be read. */
    MISSING,
    /** What came is not what the job promised; it was thrown away. */
    CORRUPT,
    /** No room on our disk; what had come was thrown away. */
    FULL,
    /** A name that is not asked for, or a file that is larger than allowed. */
    REFUSED,
    /** Not done in time; a later try goes on where this one ended. */
    LATE,
    /** Something on this machine: the cache cannot be used, or a program is missing. */
    LOCAL
  }

  private final Kind kind;

  /** Of that kind. */
  public TransferException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  private TransferException(Kind kind, String message, IOException cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What is to be made of it. */
  public Kind kind() {
    return kind;
  }

  /**
   * A problem with our own files.
   *
   * @param place what it is about
   */
  static TransferException local(Object place, IOException problem) {
    String reason = Names.printable(String.valueOf(problem.getMessage()));
    return full(reason)
        ? new TransferException(Kind.FULL, fullMessage(place), problem)
        : new TransferException(
            Kind.LOCAL,
            place + ": " + reason + "; look at the cache folder's owner and disk",
            problem);
  }

  /** The message for a full disk. */
  static String fullMessage(Object place) {
    return place + ": no room on the disk of the cache; free some, or lower the cache's budget";
  }

  /** Whether these words of the system say that a disk takes no more. */
  static boolean full(String words) {
    String lower = words.toLowerCase(Locale.ROOT);
    return lower.contains("no space left on device") || lower.contains("disk quota exceeded");
  }
}
