package io.cotidal.postgres.plan.members;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.MemberState;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import io.cotidal.model.MemberId;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import io.cotidal.model.Wanted;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.observe.SlotNames;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.OneStep;
import io.cotidal.postgres.plan.cluster.Out;
import io.cotidal.postgres.plan.cluster.Upstreams;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Drop the slots that one member keeps for others who stream from elsewhere by now: a slot that
 * nobody uses keeps the log for ever. A slot of a member that streams from nobody stays.
 */
public final class Tidy implements OperationType<PostgresSpec, PgFacts> {
  static final String NAME = "tidy";

  /** Input: who has the slots. */
  static final String HOLDER = "holder";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Risk risk() {
    return Risk.SAFE;
  }

  /** Whoever moves one of them makes a slot first: both must not be done at once. */
  @Override
  public List<Lock> locks(Details input) {
    List<Lock> locks = new ArrayList<>(List.of(new Lock("slots", true)));
    Ledger.split(input.need(Acts.GONE)).forEach(member -> locks.add(Lock.member(member)));
    return locks;
  }

  @Override
  public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
    MemberId holder = Inputs.member(input, HOLDER);
    String gone = input.need(Acts.GONE);
    boolean begun = !run.rows().isEmpty();
    if (!begun && run.occasion() != Run.Occasion.CANCEL && !unused(input, spec, state)) {
      return new Continuation.Moot("somebody uses them again");
    }
    return OneStep.once(run, step(holder, gone));
  }

  private static Step step(MemberId holder, String gone) {
    return Step.act(Acts.SLOTS, holder, "drop the slots of " + gone + " on " + holder)
        .with(Acts.QUORUM, "")
        .with(Acts.GONE, gone);
  }

  private static boolean unused(Details input, PostgresSpec spec, State<PgFacts> state) {
    return Ledger.of(state.ledger())
        .primary()
        .map(primary ->
            unused(Inputs.member(input, HOLDER), primary, spec, state)
                .containsAll(Ledger.split(input.need(Acts.GONE))))
        .orElse(false);
  }

  /** What should be dropped where, one operation a holder. */
  public static List<Wanted> wanted(PostgresSpec spec, State<PgFacts> state, MemberId primary) {
    List<Wanted> wanted = new ArrayList<>();
    for (Server server : spec.servers()) {
      List<MemberId> unused = unused(server.id(), primary, spec, state);
      if (!unused.isEmpty()) {
        String gone = Ledger.join(unused);
        wanted.add(
            new Wanted(
                NAME,
                Details.of(HOLDER, server.id()).with(Acts.GONE, gone),
                server.id() + " keeps its log for " + gone + ", which streams from elsewhere",
                false));
      }
    }
    return wanted;
  }

  private static List<MemberId> unused(
      MemberId holder, MemberId primary, PostgresSpec spec, State<PgFacts> state) {
    PgFacts facts = facts(state, holder);
    if (facts == null || facts.slots().isEmpty()) {
      return List.of();
    }
    Upstreams upstreams = new Upstreams(spec, state);
    Out out = Out.of(state);
    List<MemberId> unused = new ArrayList<>();
    for (Server server : spec.servers()) {
      MemberId member = server.id();
      boolean kept = facts.slots().contains(SlotNames.of(member)) && !member.equals(holder);
      if (!kept || busy(member, state)) {
        continue;
      }
      boolean nobodys = !holder.equals(primary) && (member.equals(primary) || out.disabled(member));
      if (nobodys || keptElsewhere(member, holder, primary, upstreams, state)) {
        unused.add(member);
      }
    }
    return unused;
  }

  private static boolean busy(MemberId member, State<PgFacts> state) {
    return state
        .open()
        .anyMatch(open ->
            open.state().underWay() && open.input().get(Inputs.MEMBER, "").equals(member.name()));
  }

  /** Whether all comes to it from another one, who keeps its log for it. */
  private static boolean keptElsewhere(
      MemberId member,
      MemberId holder,
      MemberId primary,
      Upstreams upstreams,
      State<PgFacts> state) {
    PgFacts facts = facts(state, member);
    MemberId from = facts == null ? null : upstreams.sender(member).orElse(null);
    PgFacts sender = from == null ? null : facts(state, from);
    return facts != null
        && from != null
        && sender != null
        && !from.equals(holder)
        && from.equals(facts.upstream())
        && sender.slots().contains(SlotNames.of(member))
        && upstreams.streams(member, primary);
  }

  private static @Nullable PgFacts facts(State<PgFacts> state, MemberId id) {
    MemberState<PgFacts> member = state.member(id);
    return member == null ? null : member.facts();
  }
}
