package io.cotidal.model;

import java.time.Duration;

/**
 * What a step declares beforehand for the case that inspection cannot tell whether its act took
 * effect.
 */
public sealed interface WhenUnknown {
  /**
   * Inspect again until {@code limit} has passed since the act began, then the step counts as
   * failed.
   */
  record RetryFor(Duration limit) implements WhenUnknown {}

  /** Count the step as failed at once; the operation type then names the alternative. */
  record Fail() implements WhenUnknown {}

  /** Stop in attention: a person must look. */
  record Attention() implements WhenUnknown {}
}
