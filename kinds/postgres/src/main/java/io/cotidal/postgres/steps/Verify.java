package io.cotidal.postgres.steps;

import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.Observation;
import io.cotidal.model.Report;
import io.cotidal.model.Report.Line;
import io.cotidal.model.Report.Verdict;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.pgclient.Trouble;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.Readings;
import io.cotidal.postgres.spec.Standing;
import io.cotidal.remote.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A fresh look at every member, what the primary says of each replica, and a write: a temporary
 * table that goes with its transaction, so that the commit waits for whom it must. In mode observe
 * no write is tried.
 */
final class Verify {
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration WRITE = Duration.ofSeconds(3);

  private final Cluster cluster;
  private final Readings known;

  Verify(Cluster cluster, State<PgFacts> state) {
    this.cluster = cluster;
    this.known = new Readings(cluster.spec(), state);
  }

  Report report() {
    List<Line> lines = new ArrayList<>();
    Optional<MemberId> primary = known.leader();
    PgFacts leader = null;
    for (MemberId id : first(primary)) {
      Observation<PgFacts> seen = look(id);
      PgFacts facts = seen instanceof Observation.Seen<PgFacts> answer ? answer.facts() : null;
      if (primary.equals(Optional.of(id))) {
        leader = facts;
        lines.add(primary(id, seen, facts));
        lines.add(write(id, facts));
      } else {
        lines.add(replica(id, seen, facts, leader).with(process(seen)));
      }
    }
    long well = lines.stream().filter(line -> line.verdict() == Verdict.YES).count();
    return new Report(well + " of " + lines.size() + " are as they should be", lines);
  }

  private List<MemberId> first(Optional<MemberId> primary) {
    List<MemberId> order = new ArrayList<>(cluster.spec().members());
    primary.filter(order::remove).ifPresent(order::addFirst);
    return order;
  }

  private Observation<PgFacts> look(MemberId id) {
    try {
      return cluster.look().at(cluster.node(id), LOOK);
    } catch (ActFailed e) {
      return new Observation.CannotTell<>(String.valueOf(e.getMessage()), Host.UNKNOWN);
    }
  }

  private static Details process(Observation<PgFacts> seen) {
    return Details.of("process", seen.host().process().name().toLowerCase(Locale.ROOT));
  }

  private static Line primary(MemberId id, Observation<PgFacts> seen, @Nullable PgFacts facts) {
    String name = id.name();
    if (facts == null) {
      return new Line(name, verdict(seen), seen.sentence(), "see cot doctor", Details.NONE);
    }
    return facts.recovering()
        ? new Line(name, Verdict.NO, "it is a standby and should be the primary")
        : new Line(name, Verdict.YES, "primary on timeline " + facts.timeline());
  }

  private Line replica(
      MemberId id, Observation<PgFacts> seen, @Nullable PgFacts facts, @Nullable PgFacts leader) {
    String name = id.name();
    String out = known.out(id);
    if (!out.isEmpty()) {
      return facts == null
          ? new Line(name, Verdict.YES, out)
          : new Line(name, Verdict.NO, "it runs although it is " + out);
    }
    if (facts == null) {
      return new Line(name, verdict(seen), seen.sentence(), "see cot doctor", Details.NONE);
    }
    if (!facts.recovering()) {
      return new Line(name, Verdict.NO, "it takes writes and must not", "cot fence", Details.NONE);
    }
    PgFacts.Receiver receiver = facts.receiver();
    if (receiver == null || !receiver.streaming()) {
      return new Line(name, Verdict.NO, "it receives from nobody", "cot remaster", Details.NONE);
    }
    if (leader == null) {
      return new Line(name, Verdict.UNKNOWN, "it streams; the primary cannot be asked about it");
    }
    MemberId from = receiver.sender();
    return from == null || known.leader().equals(Optional.of(from))
        ? row(id, leader)
        : behind(id, from, Math.max(0, leader.position() - facts.position()));
  }

  /** The primary has no row of it: it streams from another replica. */
  private Line behind(MemberId id, MemberId from, long lag) {
    if (!known.streams(id)) {
      return new Line(
          id.name(), Verdict.NO, "it streams from " + from + ", and the primary's log not there");
    }
    return near(id, "streams from " + from, lag);
  }

  private Line near(MemberId id, String how, long lag) {
    long limit = cluster.spec().practice().policy().of(id).lagLimit();
    boolean near = limit == Standing.UNLIMITED || lag <= limit;
    return new Line(
        id.name(),
        near ? Verdict.YES : Verdict.NO,
        how + ", " + lag + " bytes behind" + (near ? "" : "; its limit is " + limit),
        "",
        Details.of("lag-bytes", lag));
  }

  /** The primary's own row of the replica. */
  private Line row(MemberId id, PgFacts leader) {
    Optional<PgFacts.Sender> sender =
        leader.senders().stream().filter(each -> each.name().equals(id.name())).findFirst();
    if (sender.isEmpty() || !sender.get().streaming()) {
      String state = sender.map(PgFacts.Sender::state).orElse("unknown to it");
      return new Line(id.name(), Verdict.NO, "to the primary it is " + state);
    }
    return near(id, "streams", Math.max(0, leader.position() - sender.get().flushed()));
  }

  private Line write(MemberId id, @Nullable PgFacts facts) {
    String name = "write on " + id;
    if (cluster.spec().mode() == Mode.OBSERVE) {
      return new Line(name, Verdict.UNKNOWN, "not tried: mode observe changes nothing");
    }
    if (facts == null || facts.recovering()) {
      return new Line(name, Verdict.UNKNOWN, "not tried: it does not answer as primary");
    }
    Deadline deadline = Deadline.in(WRITE);
    try {
      Node node = cluster.node(id);
      try (PgSession session = PgSession.open(node.login(), deadline.left())) {
        session.run(
            "CREATE TEMPORARY TABLE cotidal_verify (tried int) ON COMMIT DROP", deadline.left());
      }
      return new Line(name, Verdict.YES, "a temporary table was made and committed");
    } catch (ActFailed e) {
      return new Line(name, Verdict.UNKNOWN, String.valueOf(e.getMessage()));
    } catch (PgException e) {
      boolean no = e.trouble() instanceof Trouble.Rejected;
      return new Line(
          name,
          no ? Verdict.NO : Verdict.UNKNOWN,
          e.trouble() instanceof Trouble.Silent
              ? "no commit within " + WRITE.toSeconds() + " s: it may wait for its replicas"
              : String.valueOf(e.getMessage()),
          "see cot status: the guarantee says for whom commits wait",
          Details.NONE);
    }
  }

  /** Who is silent may be anything; only a refusal is a no. */
  private static Verdict verdict(Observation<PgFacts> seen) {
    return switch (seen) {
      case Observation.Seen<PgFacts> answer -> Verdict.YES;
      case Observation.Refused<PgFacts> refused -> Verdict.NO;
      case Observation.Silent<PgFacts> silent -> Verdict.UNKNOWN;
      case Observation.CannotTell<PgFacts> cannot -> Verdict.UNKNOWN;
    };
  }
}
