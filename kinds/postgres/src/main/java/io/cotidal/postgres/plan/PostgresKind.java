package io.cotidal.postgres.plan;

import io.cotidal.engine.Command;
import io.cotidal.engine.Kind;
import io.cotidal.engine.MemberState;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.State;
import io.cotidal.model.Action;
import io.cotidal.model.Details;
import io.cotidal.model.Found;
import io.cotidal.model.LinkView;
import io.cotidal.model.MemberId;
import io.cotidal.model.MemberView;
import io.cotidal.model.Wanted;
import io.cotidal.postgres.actions.PostgresActions;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.spec.PostgresSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What PostgreSQL clusters contribute to the engine. */
public final class PostgresKind implements Kind<PostgresSpec, PgFacts> {
  private final Map<String, OperationType<PostgresSpec, PgFacts>> types =
      Stream.<OperationType<PostgresSpec, PgFacts>>of(
              new FailoverType(),
              new ColdStart(),
              new Switchover(),
              new Rejoin(),
              new Create(),
              new Repairs.Start(),
              new Repairs.Follow(),
              new Repairs.Adopt(),
              new QuorumChange(),
              new Repairs.Forget(),
              new TakeOut(Out.How.STOPPED),
              new TakeOut(Out.How.DISABLED),
              new TakeBack(TakeBack.ENABLE),
              new TakeBack(TakeBack.CLONE),
              new Restart(),
              new FenceMember(),
              new ArchiveRepair(),
              new ArchiveSwitch(ArchiveSwitch.START, true),
              new ArchiveSwitch(ArchiveSwitch.STOP, false),
              new ArchiveCheck(),
              new ArchiveExpire())
          .collect(Collectors.toUnmodifiableMap(OperationType::name, Function.identity()));

  /** What of a server's facts can change a plan. */
  private record Essence(
      boolean recovering,
      long timeline,
      @Nullable MemberId upstream,
      @Nullable MemberId sender,
      boolean streaming,
      boolean fresh,
      List<String> streamingTo,
      String syncNames,
      boolean writable,
      @Nullable Object log) {}

  @Override
  public String name() {
    return "postgres";
  }

  @Override
  public Object essence(PostgresSpec spec, PgFacts facts) {
    PgFacts.Receiver receiver = facts.receiver();
    return new Essence(
        facts.recovering(),
        facts.timeline(),
        facts.upstream(),
        receiver == null ? null : receiver.sender(),
        receiver != null && receiver.streaming(),
        receiver != null && receiver.silentMillis() < spec.failover().silence().toMillis(),
        streamingTo(facts),
        facts.syncNames(),
        facts.writable(),
        facts.log() == null ? null : facts.log().essence());
  }

  private static List<String> streamingTo(PgFacts facts) {
    List<String> names = new ArrayList<>();
    for (PgFacts.Sender sender : facts.senders()) {
      if (sender.streaming()) {
        names.add(sender.name());
      }
    }
    names.sort(null);
    return names;
  }

  @Override
  public PgDiagnosis diagnose(PostgresSpec spec, State<PgFacts> state) {
    PgDiagnosis found = new Doctor(spec, state).diagnose();
    return new DiskBoard(spec, state).judged(new LogBoard(spec, state).judged(found));
  }

  @Override
  public List<Wanted> plan(PostgresSpec spec, State<PgFacts> state) {
    Doctor doctor = new Doctor(spec, state);
    PgDiagnosis found = doctor.diagnose();
    List<Wanted> wanted = new ArrayList<>(new Planner(spec, state, doctor).plan(found));
    wanted.addAll(new LogBoard(spec, state).wanted(found));
    return wanted;
  }

  @Override
  public Optional<OperationType<PostgresSpec, PgFacts>> operation(String type) {
    return Optional.ofNullable(types.get(type)).map(Hooked::new);
  }

  @Override
  public Optional<MemberId> heartbeat(PostgresSpec spec, State<PgFacts> state) {
    return Ledger.of(state.ledger())
        .primary()
        .filter(primary -> {
          MemberState<PgFacts> member = state.member(primary);
          PgFacts facts = member == null ? null : member.facts();
          return facts != null && !facts.recovering();
        });
  }

  @Override
  public PostgresSpec withMembers(PostgresSpec spec, List<Found> found) {
    return spec.withServers(found.stream().map(Found::id).toList());
  }

  @Override
  public List<MemberView> members(PostgresSpec spec, State<PgFacts> state) {
    return new Screens(spec, state).members();
  }

  @Override
  public List<LinkView> links(PostgresSpec spec, State<PgFacts> state) {
    return new Screens(spec, state).links();
  }

  @Override
  public String guarantee(PostgresSpec spec, State<PgFacts> state) {
    return new Screens(spec, state).guarantee();
  }

  @Override
  public List<Action> actions() {
    return PostgresActions.ALL;
  }

  @Override
  public Command.Begin meant(PostgresSpec spec, State<PgFacts> state, Command.Begin asked) {
    return new Meaning(spec, state).of(asked);
  }

  @Override
  public Details prepare(PostgresSpec spec, State<PgFacts> state, Command.Begin asked) {
    return new Requests(spec, state).prepare(asked.type(), asked.input());
  }
}
