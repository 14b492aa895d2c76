package io.cotidal.model;

/**
 * A kind's verdict on a resource, with evidence. Each kind has a sealed family of these, over which
 * its planner switches.
 */
public interface Diagnosis {
  /** A stable word for metrics and tests, for example {@code primary-dead}. */
  String code();

  /** One sentence for people. */
  String sentence();

  /** How much it matters. */
  Severity severity();

  /** The facts that led to it, vantage point by vantage point. */
  Details evidence();
}
