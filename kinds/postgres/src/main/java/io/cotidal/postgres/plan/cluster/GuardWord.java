package io.cotidal.postgres.plan.cluster;

import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the ledger says of the present primary's guard.
 *
 * @param members on whom it counts
 * @param lease for how long the primary goes on without anybody who vouches for it
 */
public record GuardWord(List<MemberId> members, Duration lease) {
  /** Entry of the ledger: on whom it counts. */
  public static final String MEMBERS = "guard";

  private static final String LEASE = "guard-lease";

  /** Entries of a primary that is not guarded. */
  public static final Details NONE = Details.of(MEMBERS, "").with(LEASE, "");

  /** Copies the list. */
  public GuardWord {
    members = List.copyOf(members);
  }

  /** What it says; empty if the primary is not guarded. */
  public static Optional<GuardWord> of(Details ledger) {
    return ledger
        .find(LEASE)
        .filter(millis -> !millis.isEmpty())
        .map(millis ->
            new GuardWord(
                Ledger.split(ledger.get(MEMBERS, "")), Duration.ofMillis(Long.parseLong(millis))));
  }

  /** As the ledger keeps it. */
  public Details entries() {
    return Details.of(MEMBERS, Ledger.join(members)).with(LEASE, lease.toMillis());
  }
}
