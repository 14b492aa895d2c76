package io.cotidal.bench.rivals;

import io.cotidal.lab.Acknowledgement;
import io.cotidal.lab.Acknowledgements;
import io.cotidal.lab.Prober;
import io.cotidal.lab.Target;
import io.cotidal.lab.rivals.Health;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** One fault on one whole cluster, from the first row to the last look. */
final class Bout {
  private static final Duration LEAD = Duration.ofMillis(500);
  private static final Duration LOOK = Duration.ofMillis(100);

  /** For how long a cluster must look whole before it is struck: agents write down who waits. */
  private static final Duration STEADY = Duration.ofSeconds(5);

  /** How long anybody may take to take over, and to be whole. */
  private static final Duration LIMIT = Duration.ofSeconds(150);

  /** The same for one that does not mend by itself: it is only seen whether it does. */
  private static final Duration GLIMPSE = Duration.ofSeconds(20);

  private static final Duration FROZEN = Duration.ofSeconds(60);
  private static final Duration CUT = Duration.ofSeconds(40);

  /** For how long acknowledgements are counted after what was done is undone. */
  private static final Duration WATCH = Duration.ofSeconds(5);

  private final Contestant contestant;
  private final Fault fault;

  Bout(Contestant contestant, Fault fault) {
    this.contestant = contestant;
    this.fault = fault;
  }

  /**
   * What it came to.
   *
   * @param to who is primary at the end; empty if nobody is, or several are
   * @param whole -1 if that never came
   * @param nextId the lowest id that a later round may use
   */
  record Result(
      String from,
      String to,
      long gap,
      long lost,
      long dual,
      boolean moved,
      long whole,
      long nextId) {}

  /** Waits until the cluster is whole, and stays so. */
  boolean awaitWhole() throws IOException {
    return wholeWithin(LIMIT);
  }

  private boolean wholeWithin(Duration limit) throws IOException {
    long end = System.nanoTime() + limit.toNanos();
    long since = System.nanoTime();
    while (System.nanoTime() - since < STEADY.toNanos()) {
      if (!contestant.whole()) {
        since = System.nanoTime();
        if (since > end) {
          return false;
        }
      }
      Pause.of(LOOK);
    }
    return true;
  }

  /**
   * Strikes a whole cluster.
   *
   * @param firstId of the rows; higher than any that is there
   * @param late how much later than it could
   */
  Result run(long firstId, Duration late) throws IOException, SQLException {
    List<String> writable = contestant.health().writable();
    if (writable.size() != 1) {
      throw new IOException("not one takes writes, but " + writable);
    }
    String struck = writable.getFirst();
    Prober prober = Prober.start(contestant.members(), contestant.login(), firstId);
    Span span;
    try (prober) {
      span = struck(prober, struck, late);
    }
    // Only now has every insert been answered.
    Tally tally = new Tally(of(prober, firstId), struck, span.from(), span.to());
    return result(prober, tally, span.whole());
  }

  /** Monotonic moments of the fault and of the last look, and whether all was whole by then. */
  private record Span(long from, long to, boolean whole) {}

  private Span struck(Prober prober, String struck, Duration late) throws IOException {
    awaitAcknowledgement(prober, struck);
    Pause.of(LEAD.plus(late));
    long from = System.nanoTime();
    contestant.strike(fault, struck);
    outlast(prober, struck, from);
    contestant.relieve(fault, struck);
    Pause.of(WATCH);
    boolean whole = wholeWithin(contestant.heals() ? LIMIT : GLIMPSE);
    return new Span(from, System.nanoTime(), whole);
  }

  private static Acknowledgements of(Prober prober, long firstId) {
    return new Acknowledgements(
        prober.acknowledgements().inOrder().stream().filter(each -> each.id() >= firstId).toList());
  }

  private Result result(Prober prober, Tally tally, boolean whole) {
    Health health = contestant.health();
    String survivor = tally.survivor(health.writable());
    Target primary =
        contestant.members().stream()
            .filter(each -> each.member().equals(survivor))
            .findFirst()
            .orElseThrow();
    long first = tally.all().inOrder().stream().mapToLong(Acknowledgement::id).min().orElse(0);
    long lost = tally.all().lost(present(primary, first));
    long millis = (tally.to() - tally.from()) / 1_000_000;
    return new Result(
        tally.struck(),
        health.writable().size() == 1 ? survivor : "",
        tally.gap(LEAD.toNanos()),
        lost,
        tally.dual(survivor),
        tally.moved(),
        whole ? millis - STEADY.toMillis() : -1,
        prober.mark() + 1_000_000);
  }

  /** Rows that it has; none if it cannot be asked, so that all count as lost. */
  private Set<Long> present(Target primary, long first) {
    try {
      return Prober.present(primary, contestant.login(), first);
    } catch (SQLException e) {
      return Set.of();
    }
  }

  /** Waits as long as the fault is to last. */
  private void outlast(Prober prober, String struck, long from) throws IOException {
    switch (fault) {
      case KILL_POSTMASTER -> awaitResumed(prober, struck, from, LIMIT);
      case NODE_DEAD -> awaitOther(prober, struck, from, LIMIT);
      case NODE_FROZEN, POSTGRES_FROZEN -> {
        awaitOther(prober, struck, from, FROZEN);
        Pause.of(left(from, Duration.ofSeconds(2)));
      }
      case CUT_CONTROL, CUT_REPLICAS -> Pause.of(CUT);
      case SWITCHOVER -> awaitOther(prober, struck, from, LIMIT);
    }
  }

  /** Never past what a frozen one stays so. */
  private static Duration left(long from, Duration wanted) {
    Duration left = FROZEN.minusNanos(System.nanoTime() - from);
    return left.compareTo(wanted) < 0 ? (left.isNegative() ? Duration.ZERO : left) : wanted;
  }

  private static void awaitOther(Prober prober, String struck, long from, Duration limit)
      throws IOException {
    long end = from + limit.toNanos();
    while (System.nanoTime() < end && !acknowledgedByAnother(prober, struck, from)) {
      Pause.of(LOOK);
    }
  }

  /** By another one, or by the struck one when what it had begun has long ended. */
  private static void awaitResumed(Prober prober, String struck, long from, Duration limit)
      throws IOException {
    long end = from + limit.toNanos();
    long later = from + Duration.ofSeconds(2).toNanos();
    while (System.nanoTime() < end
        && !acknowledgedByAnother(prober, struck, from)
        && prober.acknowledgements().first(struck, later).isEmpty()) {
      Pause.of(LOOK);
    }
  }

  private static boolean acknowledgedByAnother(Prober prober, String struck, long from) {
    return prober.acknowledgements().inOrder().stream()
        .anyMatch(each -> each.nanos() >= from && !each.member().equals(struck));
  }

  private static void awaitAcknowledgement(Prober prober, String struck) throws IOException {
    long begun = System.nanoTime();
    while (prober.acknowledgements().first(struck, begun).isEmpty()) {
      if (System.nanoTime() - begun > LIMIT.toNanos()) {
        throw new IOException("the primary " + struck + " acknowledges nothing");
      }
      Pause.of(LOOK);
    }
  }
}
