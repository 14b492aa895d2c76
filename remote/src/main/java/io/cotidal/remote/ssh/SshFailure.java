package io.cotidal.remote.ssh;

import java.io.IOException;

/** No answer over SSH, with what is known of the reason. Expected in normal work. */
public final class SshFailure extends IOException {
  private static final long serialVersionUID = 1;

  private final transient SshTrouble trouble;

  /** For that trouble. */
  public SshFailure(SshTrouble trouble) {
    super(trouble.reason());
    this.trouble = trouble;
  }

  /** What went wrong. */
  public SshTrouble trouble() {
    return trouble;
  }

  /** Nothing came in time. */
  static SshFailure silent(String reason) {
    return new SshFailure(new SshTrouble.Silent(reason));
  }

  /** Something came that leaves everything open. */
  static SshFailure cannotTell(String reason) {
    return new SshFailure(new SshTrouble.CannotTell(reason));
  }
}
