package io.cotidal.postgres.compat;

/** A file of the original that cannot be read. The message is one line that quotes no value. */
public final class UnreadableFile extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * With its line.
   *
   * @param line from 1; 0 if it is about the whole file
   */
  public UnreadableFile(int line, String reason, String remedy) {
    super((line > 0 ? "line " + line + ": " : "") + reason + "; " + remedy, null, false, false);
  }
}
