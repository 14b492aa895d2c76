package io.cotidal.gateway.outbox;

import io.cotidal.gateway.request.Subject;
import io.cotidal.objects.names.Timestamp;

/**
 * Something that must be looked at.
 *
 * @param since the stamp of the change that opened it
 * @param stamp of the latest change that may have been done; {@link Timestamp#NEVER} if none may
 * @param version grows with each change that may have been done
 * @param flights changes of which nobody knows yet how they end
 */
public record Open(
    Subject subject, Timestamp since, Timestamp stamp, long version, int flights, Footing footing) {
  /** Whether there may be something to carry: until then all its changes are under way. */
  public boolean ready() {
    return version > 0;
  }
}
