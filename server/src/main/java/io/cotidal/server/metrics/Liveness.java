package io.cotidal.server.metrics;

import io.cotidal.model.MemberView;
import io.cotidal.model.Severity;
import java.util.Optional;

/** Whether a member answers, as far as its view says. Unknown is not down: it has no value. */
final class Liveness {
  private Liveness() {}

  static Optional<Boolean> of(MemberView member) {
    boolean known = !member.role().equals("unknown");
    if (member.severity() == Severity.CRITICAL) {
      return Optional.of(false);
    }
    return known ? Optional.of(true) : Optional.empty();
  }
}
