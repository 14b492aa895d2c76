package io.cotidal.model;

import java.util.List;

/**
 * The answer to a question that changes nothing.
 *
 * @param sentence the answer in one sentence
 * @param lines what it rests on
 */
public record Report(String sentence, List<Line> lines) {
  /** Copies the list. */
  public Report {
    lines = List.copyOf(lines);
  }

  /** Whether something holds. What is not known is neither. */
  public enum Verdict {
    /** It is as it should be. */
    YES,
    /** It is not. */
    NO,
    /** Nobody can tell now. */
    UNKNOWN
  }

  /**
   * One thing that was looked at.
   *
   * @param subject for example a member
   * @param sentence what is the matter with it
   * @param remedy what to do about it; empty if nothing
   * @param facts more columns; no secrets
   */
  public record Line(
      String subject, Verdict verdict, String sentence, String remedy, Details facts) {
    /** Without a remedy and more columns. */
    public Line(String subject, Verdict verdict, String sentence) {
      this(subject, verdict, sentence, "", Details.NONE);
    }

    /** The same with more columns. */
    public Line with(Details more) {
      return new Line(subject, verdict, sentence, remedy, facts.with(more));
    }
  }

  /** Whether everything is known to be as it should be. */
  public boolean well() {
    return lines.stream().allMatch(line -> line.verdict() == Verdict.YES);
  }
}
