package io.cotidal.bench;

/** Why there is no measurement; one sentence. */
final class BenchProblem extends Exception {
  private static final long serialVersionUID = 1;

  BenchProblem(String sentence) {
    super(sentence);
  }

  BenchProblem(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
