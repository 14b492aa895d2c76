package io.cotidal.feeds.filter;

import java.util.Map;

/** A filter that was read from a lambda. */
final class Lambda implements Filter {
  private final String text;
  private final Expr body;

  private Lambda(String text, Expr body) {
    this.text = text;
    this.body = body;
  }

  static Lambda parse(String text) {
    if (text.length() > LONGEST) {
      throw new IllegalArgumentException(
          "filter, line 1, column 1: found "
              + text.length()
              + " characters; here may stand at most "
              + LONGEST);
    }
    return new Lambda(text, Parser.parse(text));
  }

  Expr body() {
    return body;
  }

  @Override
  public Verdict judge(Map<String, Object> job) {
    Evaluation evaluation = new Evaluation(job);
    Explanation explanation = new Explanation(text, evaluation);
    try {
      return evaluation.truth(body)
          ? new Verdict(true, explanation.source(body))
          : new Verdict(false, explanation.refusal(body));
    } catch (Fault fault) {
      return new Verdict(false, explanation.fault(fault));
    }
  }

  @Override
  public String text() {
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Lambda lambda && text.equals(lambda.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
