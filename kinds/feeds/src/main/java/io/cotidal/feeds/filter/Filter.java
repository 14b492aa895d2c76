package io.cotidal.feeds.filter;

import java.util.Map;

/**
 * Which jobs are taken: a boolean expression over one job, in the subset of Python's lambdas that
 * replicas have today. Total: it ends, touches nothing, and has an answer for every job. Two
 * filters are equal if their texts are.
 *
 * <p>{@code lambda NAME: EXPRESSION}, where an expression is made of
 *
 * <ul>
 *   <li>{@code NAME.get('key')}, {@code NAME.get('key', otherwise)} and {@code NAME['key']}, of
 *       what they give too; a key that is missing is {@code None} in either form;
 *   <li>{@code True}, {@code False}, {@code None}, numbers, texts in either quote, {@code [..]} and
 *       {@code (..)};
 *   <li>{@code == != < <= > >= in}, {@code not in}, chained too, and {@code is}, {@code is not}
 *       before {@code None}, {@code True} and {@code False};
 *   <li>{@code and}, {@code or}, {@code not}, {@code A if B else C}, parentheses;
 *   <li>{@code .startswith(..)}, {@code .endswith(..)}, {@code .lower()}, {@code .upper()}, {@code
 *       .strip()}, {@code len(..)}, {@code bool(..)}.
 * </ul>
 *
 * <p>It means what it means in Python 3. Where Python would stop with an error, for example at
 * {@code 'a' < 1}, the job is excluded, and the verdict says why.
 */
public interface Filter {
  /**
   * What a filter says of one job.
   *
   * @param clause in one line: of a refusal the smallest part of the filter that explains it, with
   *     what it saw; else the whole expression
   */
  record Verdict(boolean admitted, String clause) {}

  /** Takes everything. */
  Filter ALL = parse("lambda job: True");

  /** Takes nothing. */
  Filter NONE = parse("lambda job: False");

  /** How many characters a filter may have. */
  int LONGEST = 10_000;

  /** How deep its parts may nest. */
  int DEEPEST = 64;

  /**
   * The filter that {@code text} says.
   *
   * @throws IllegalArgumentException with the position, what was found there and what may stand
   *     there, in one line
   */
  static Filter parse(String text) {
    return Lambda.parse(text);
  }

  /** What it says of {@code job}; a refusal names the clause that decided. */
  Verdict judge(Map<String, Object> job);

  /** The text it was read from. */
  String text();
}
