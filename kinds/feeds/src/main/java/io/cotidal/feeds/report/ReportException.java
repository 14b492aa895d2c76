package io.cotidal.feeds.report;

/** The queue's folder cannot be used. One line: which file, why, what helps. */
public final class ReportException extends Exception {
  private static final long serialVersionUID = 1;

  private final String line;

  /** With that line. */
  public ReportException(String line) {
    super(line, null, false, false);
    this.line = line;
  }

  /** The line. */
  public String line() {
    return line;
  }
}
