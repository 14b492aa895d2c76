package io.cotidal.postgres.plan.members;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.MemberId;
import io.cotidal.model.Operation;
import io.cotidal.model.Step;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.losses.LossFacts;
import io.cotidal.postgres.losses.LossList;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.reach.Sight;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * What comes before a member's log is overwritten: what it has and the primary has not is counted
 * and kept. Whatever goes wrong with that is written down, and the member is taken back all the
 * same.
 */
final class TailKeeping {
  /** The decision that notes that nothing could be found out. */
  static final String NOTE = "note what is not known";

  /** Reading, keeping and naming have limits of their own, which end before this. */
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private static final DateTimeFormatter ID =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final State<PgFacts> state;
  private final Run run;
  private final Ledger ledger;

  TailKeeping(State<PgFacts> state, Run run) {
    this.state = state;
    this.run = run;
    this.ledger = Ledger.of(state.ledger());
  }

  /** The next step of it; empty if nothing is left to do. */
  Optional<Step> next(MemberState<PgFacts> member, MemberId primary) {
    MemberId id = member.id();
    Step keep = keep(id, primary);
    boolean over = run.isDone(keep.key()) || run.isDone(NOTE);
    if (over || overwritten()) {
      return Optional.empty();
    }
    if (run.failures(keep.key()) > 0) {
      return Optional.of(note(keep, id, primary, run.problem(keep.key())));
    }
    String data = member.host().facts().get(Acts.DATA, "unknown");
    if (data.equals(Sight.PRESENT)) {
      return Optional.of(keep);
    }
    boolean known = LossList.of(state.ledger()).has(id.name(), primary.name(), ledger.timeline());
    return former(id) && !known
        ? Optional.of(note(keep, id, primary, "its data is " + data))
        : Optional.empty();
  }

  private boolean overwritten() {
    return run.rows().stream()
        .anyMatch(
            row -> row.step().act().equals(Acts.CLONE) || row.step().act().equals(Acts.REWIND));
  }

  private boolean former(MemberId member) {
    return ledger.doubts().containsKey(member);
  }

  private Step keep(MemberId member, MemberId primary) {
    String key = Acts.KEEP_TAIL + " " + member;
    // The same folder for each attempt: what was begun there is begun anew.
    String at =
        run.last(key)
            .map(row -> row.step().arguments().need(Acts.AT))
            .orElse(Long.toString(state.now().micros()));
    return Step.act(
            Acts.KEEP_TAIL,
            member,
            "count and keep what " + member + " has that " + primary + " has not")
        .with(Acts.FROM, primary)
        .with(Acts.AT, at)
        .with(Acts.ID, ID.format(moment(at)) + "-" + run.operation())
        .with(Acts.TIMELINE, ledger.timeline())
        .with(Acts.FORMER, former(member))
        .with(Acts.TWINS, ledger.mustBeCopied(member))
        .with(Acts.WAITED, waited(primary))
        .within(LIMIT)
        .writing(LossList.entries(run.operation(), state.ledger()))
        .thenDecide();
  }

  private Step note(Step keep, MemberId member, MemberId primary, String problem) {
    return Step.decision(
            NOTE,
            "what " + member + " had that " + primary + " has not is unknown: " + problem,
            LossFacts.unknown(origin(keep, member), problem))
        .writing(LossList.entries(run.operation(), state.ledger()))
        .thenDecide();
  }

  /** Of whom a step tells. */
  private static LossFacts.Origin origin(Step keep, MemberId member) {
    return new LossFacts.Origin(
        keep.arguments().need(Acts.ID),
        member.name(),
        keep.arguments().need(Acts.FROM),
        Long.parseLong(keep.arguments().need(Acts.TIMELINE)),
        moment(keep.arguments().need(Acts.AT)).toString(),
        keep.arguments().need(Acts.WAITED).equals("true"));
  }

  private static Instant moment(String micros) {
    return Instant.ofEpochSecond(Math.floorDiv(Long.parseLong(micros), 1_000_000L));
  }

  /**
   * Whether all that was acknowledged before the primary was promoted had waited for a quorum list
   * of which enough were asked. Only the promotion itself tells; once it is forgotten, nobody does.
   */
  private boolean waited(MemberId primary) {
    return state.operations().values().stream()
        .flatMap(operation -> promotion(operation, primary).stream())
        .anyMatch(row -> !row.step().arguments().get(Acts.K, "0").equals("0"));
  }

  private Optional<StepRecord> promotion(Operation operation, MemberId primary) {
    return operation.steps().stream()
        .filter(row -> row.step().act().equals(Acts.PROMOTE) && row.state() == StepState.DONE)
        .filter(row -> primary.equals(row.step().member()))
        .filter(
            row -> row.evidence().get(Acts.TIMELINE, "").equals(Long.toString(ledger.timeline())))
        .findFirst();
  }
}
