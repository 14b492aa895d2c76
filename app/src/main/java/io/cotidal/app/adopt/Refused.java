package io.cotidal.app.adopt;

/** Ends the command; the message is one line with place, reason and remedy. */
public final class Refused extends Exception {
  private static final long serialVersionUID = 1L;

  /** For that reason. */
  public Refused(String line) {
    super(line, null, false, false);
  }
}
