package io.cotidal.server.metrics;

import io.cotidal.model.MemberView;
import io.cotidal.model.Observation;
import io.cotidal.model.Severity;
import java.util.Optional;

/**
 * Whether a member answers, as far as its view says. Unknown is not down: it has no value. A view's
 * status begins with the sentence of the latest {@link Observation}, if the member did not answer.
 */
final class Liveness {
  private Liveness() {}

  static Optional<Boolean> of(MemberView member) {
    String status = member.status();
    if (status.startsWith("cannot tell")) {
      return Optional.empty();
    }
    if (status.startsWith("refuses")
        || status.startsWith("silent")
        || member.severity() == Severity.CRITICAL) {
      return Optional.of(false);
    }
    return member.role().equals("unknown") ? Optional.empty() : Optional.of(true);
  }
}
