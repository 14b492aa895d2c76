package io.cotidal.postgres.plan.guarding;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.Step;
import io.cotidal.model.Wanted;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.guard.Guard;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.GuardWord;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.PgDiagnosis;
import io.cotidal.postgres.plan.cluster.Troubled;
import io.cotidal.postgres.plan.cluster.Upstreams;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whether a primary that waits for no replica is guarded, and what follows from that.
 *
 * <p>The ledger's word names members of which each vouches for the primary as long as it streams.
 * It is written once the server's guard counts on just them, and taken back before that changes. So
 * whoever of them is promoted was cut off before, and the guard has noticed.
 */
public final class Guarding {
  /** The step of a failover that notes the guard. */
  private static final String SEEN = "its guard";

  private final PostgresSpec spec;
  private final State<PgFacts> state;
  private final Ledger ledger;
  private final Optional<GuardWord> word;

  /** As of that state. */
  public Guarding(PostgresSpec spec, State<PgFacts> state) {
    this.spec = spec;
    this.state = state;
    this.ledger = Ledger.of(state.ledger());
    this.word = GuardWord.of(state.ledger());
  }

  /** Whether the primary is to be guarded: it waits for nobody now, and shall not. */
  boolean wished() {
    return spec.guarded() && ledger.k() == 0;
  }

  /** What should be done about it, while the primary answers. */
  public Optional<Wanted> wanted(PgDiagnosis found) {
    MemberId primary = found.answering().orElse(null);
    PgFacts facts = primary == null ? null : facts(primary);
    if (primary == null || facts == null) {
      return Optional.empty();
    }
    if (!wished()) {
      return word.isEmpty() ? Optional.empty() : Optional.of(GuardChange.none(primary));
    }
    // Whoever streams from a replica is no sender's of the primary: its guard would miss it for
    // ever, and would not notice that it is cut off.
    Upstreams upstreams = new Upstreams(spec, state);
    List<MemberId> direct =
        ledger.quorum().stream()
            .filter(member -> upstreams.of(member, primary).equals(primary))
            .toList();
    GuardWord wish = new GuardWord(List.copyOf(new TreeSet<>(direct)), spec.failover().guard());
    boolean right = word.equals(Optional.of(wish)) && facts.guards().equals(List.of(guard(wish)));
    return right ? Optional.empty() : Optional.of(GuardChange.to(primary, wish));
  }

  private Guard guard(GuardWord said) {
    return Guard.of(state.epoch(), said.lease(), said.members());
  }

  /** Whether the server's guard is the one of the ledger's word, as far as was seen last. */
  private boolean seen(GuardWord said, @Nullable PgFacts facts) {
    return facts != null && facts.guards().equals(List.of(guard(said)));
  }

  /**
   * Whether the guard proves that {@code old} acknowledges nothing, once {@code chosen} has been
   * cut off from it for long enough. Only one does that was seen at the last look that {@code old}
   * answered: by this leadership, or by the one that began {@code run}.
   */
  public Optional<Duration> proves(Run run, MemberId old, MemberId chosen) {
    return word.filter(said -> guards(old) && said.members().contains(chosen))
        .filter(said -> run.isDone(SEEN) || seen(said, known(old)))
        .map(GuardWord::lease);
  }

  /** Notes in {@code run} that the guard was seen, for whoever may have to go on with it. */
  public Optional<Step> note(Run run, MemberId old) {
    return run.isDone(SEEN) || !provesFor(old)
        ? Optional.empty()
        : Optional.of(
            Step.decision(
                SEEN,
                "the last look that " + old + " answered saw its guard",
                Details.of(Acts.LEASE, word.orElseThrow().lease().toMillis())));
  }

  /** Whether it would prove that for somebody. */
  public boolean provesFor(MemberId old) {
    return word.filter(said -> guards(old) && !said.members().isEmpty() && seen(said, known(old)))
        .isPresent();
  }

  private boolean guards(MemberId old) {
    return ledger.k() == 0 && ledger.primary().equals(Optional.of(old));
  }

  /** Whether the guard still counts on a member that is about to stop. */
  public boolean countsOn(MemberId member) {
    PgFacts primary = ledger.primary().map(this::facts).orElse(null);
    boolean none = word.isEmpty() && (primary == null || primary.guards().isEmpty());
    boolean without =
        word.filter(said -> !said.members().contains(member) && seen(said, primary)).isPresent();
    return wished() && !none && !without;
  }

  /** The diagnosis with what is to be said of a guard that cannot be had. */
  public PgDiagnosis judged(PgDiagnosis found) {
    if (!wished() || wanted(found).isEmpty()) {
      return found;
    }
    Optional<String> trouble =
        state
            .recent()
            .filter(past -> past.type().equals(GuardChange.NAME))
            .findFirst()
            .filter(past -> past.state() == OperationState.FAILED)
            .map(Operation::note);
    if (trouble.isEmpty()) {
      return found;
    }
    String said = "it is not guarded: " + trouble.get();
    return found instanceof Troubled troubled
        ? troubled.and(GuardWord.MEMBERS, said)
        : new Troubled.Degraded(
            found.answering().orElseThrow(), List.of(said), Details.of(GuardWord.MEMBERS, said));
  }

  /** What holds at this moment, for people. */
  public Optional<String> promise() {
    Optional<MemberId> primary = ledger.primary();
    return word.filter(said ->
            guards(primary.orElseThrow())
                && !said.members().isEmpty()
                && seen(said, facts(primary.orElseThrow())))
        .map(said ->
            primary.orElseThrow()
                + " ends itself when for "
                + said.lease().toMillis()
                + " ms neither Cotidal nor all of "
                + Ledger.join(said.members())
                + " vouch for it");
  }

  /** What would happen if no daemon led this cluster any more. */
  public String withoutUs() {
    String goesOn =
        ledger.primary().map(MemberId::name).orElse("the primary")
            + " would go on, and nobody would replace or mend anything";
    return promise()
        .map(_ ->
            goesOn
                + ", as long as all of "
                + Ledger.join(word.orElseThrow().members())
                + " stream from it; without one of them it would end itself within "
                + word.orElseThrow().lease().toMillis()
                + " ms, for that one might have been promoted")
        .orElse(goesOn);
  }

  private @Nullable PgFacts facts(MemberId id) {
    MemberState<PgFacts> member = state.member(id);
    return member == null ? null : member.facts();
  }

  private @Nullable PgFacts known(MemberId id) {
    MemberState<PgFacts> member = state.member(id);
    return member == null ? null : member.known();
  }
}
