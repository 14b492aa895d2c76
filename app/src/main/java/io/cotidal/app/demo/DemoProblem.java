package io.cotidal.app.demo;

/** Why the demo cannot go on: one sentence for people, with a remedy. */
public final class DemoProblem extends Exception {
  private static final long serialVersionUID = 1L;

  /** That sentence. */
  public DemoProblem(String sentence) {
    super(sentence);
  }

  /** That sentence, and what led to it. */
  public DemoProblem(String sentence, Throwable cause) {
    super(sentence, cause);
  }

  /** The sentence. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
