package io.cotidal.model;

import java.time.Duration;
import java.util.List;

/**
 * What the operator asked for, as far as the engine needs to know it. A kind's own spec record
 * implements this.
 */
public interface Spec {
  /** The resource. */
  ResourceId id();

  /** What Cotidal may do by itself. */
  Mode mode();

  /** The members that the configuration, or its source, named last. */
  List<MemberId> members();

  /** How often each member is looked at. */
  Duration tick();

  /** How long one look may take. */
  Duration deadline();

  /**
   * How long an approval holds for an operation that has not begun: long enough to wait for another
   * operation, short enough that whoever approved still knows why.
   */
  default Duration approvalLifetime() {
    return Duration.ofHours(1);
  }
}
