package io.cotidal.cli.terminal;

/** What a piece of text means; {@link Style} says how that looks. */
public enum Tone {
  /** Nothing special. */
  PLAIN(""),
  /** All is well. */
  GOOD("32"),
  /** Somebody should look. */
  WARNING("33"),
  /** Somebody must act. */
  CRITICAL("1;31"),
  /** Less important than its surroundings. */
  DIM("2"),
  /** A heading or a name. */
  STRONG("1");

  private final String code;

  Tone(String code) {
    this.code = code;
  }

  /** The parameters of its SGR sequence; empty for none. */
  String code() {
    return code;
  }
}
