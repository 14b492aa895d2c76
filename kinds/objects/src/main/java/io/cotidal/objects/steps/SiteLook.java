package io.cotidal.objects.steps;

import io.cotidal.objects.observe.ObjectsFacts;
import io.cotidal.objects.swift.Capabilities;
import io.cotidal.objects.swift.SkewBounds;
import io.cotidal.objects.swift.Swift;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LookFailed;
import io.cotidal.remote.http.kept.CallFailed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Looks at one site. What is known of its clock is narrowed down from look to look, and forgotten
 * after a while: clocks drift. Thread-safe.
 */
final class SiteLook {
  /** One reading is as good as that, unless the way is long. */
  private static final Duration ONE_READING = Duration.ofMillis(1_500);

  private static final Duration READING = Duration.ofSeconds(4);
  private static final Duration GOOD_FOR = Duration.ofMinutes(10);

  private final Swift swift;
  private final Announcing announcing;
  private final String account;
  private final InstantSource clock;
  private final AtomicReference<Known> known =
      new AtomicReference<>(new Known(SkewBounds.UNKNOWN, Instant.EPOCH));

  /**
   * @param account one that is asked for, to see whether we are let in
   */
  SiteLook(Swift swift, Announcing announcing, String account, InstantSource clock) {
    this.swift = swift;
    this.announcing = announcing;
    this.account = account;
    this.clock = clock;
  }

  private record Known(SkewBounds bounds, Instant since) {}

  ObjectsFacts.Site look(Deadline deadline) throws LookFailed, InterruptedException {
    try {
      Capabilities can = swift.capabilities(deadline);
      swift.accounts().head(account, deadline);
      SkewBounds fresh = swift.clock().read(ONE_READING, deadline.atMost(READING));
      SkewBounds bounds = narrowed(fresh);
      return new ObjectsFacts.Site(
          can.version(),
          can.policies(),
          bounds.middle().toMillis(),
          bounds.width().dividedBy(2).toMillis(),
          announcing.look(swift.member(), deadline));
    } catch (SwiftTrouble e) {
      if (e.why() == SwiftTrouble.Why.INTERRUPTED) {
        throw e.interruption();
      }
      throw failed(e);
    }
  }

  private static LookFailed failed(SwiftTrouble trouble) {
    LookFailed.What what =
        switch (trouble.why()) {
          case UNREACHABLE -> late(trouble) ? LookFailed.What.SILENT : LookFailed.What.REFUSED;
          case REFUSED, MISSING, CONFLICT, BUSY, REJECTED, BROKEN, SOURCE, INTERRUPTED ->
              LookFailed.What.CANNOT_TELL;
        };
    return new LookFailed(what, trouble);
  }

  private static boolean late(SwiftTrouble trouble) {
    return trouble.getCause() instanceof CallFailed call && call.why() == CallFailed.Why.LATE;
  }

  private SkewBounds narrowed(SkewBounds fresh) {
    Instant now = clock.instant();
    return known.updateAndGet(
            before -> {
              boolean old =
                  before.bounds.readings() == 0 || before.since.plus(GOOD_FOR).isBefore(now);
              SkewBounds both =
                  new SkewBounds(
                      later(before.bounds.least(), fresh.least()),
                      earlier(before.bounds.most(), fresh.most()),
                      true,
                      before.bounds.readings() + fresh.readings());
              // If they do not fit together, a clock was set: what is new holds.
              return old || both.width().isNegative()
                  ? new Known(fresh, now)
                  : new Known(both, before.since);
            })
        .bounds;
  }

  private static Duration later(Duration a, Duration b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  private static Duration earlier(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
