package io.cotidal.postgres.plan;

import io.cotidal.engine.Command;
import io.cotidal.engine.Kind;
import io.cotidal.engine.MemberState;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Remarks;
import io.cotidal.engine.State;
import io.cotidal.model.Action;
import io.cotidal.model.Details;
import io.cotidal.model.Found;
import io.cotidal.model.LinkView;
import io.cotidal.model.MemberId;
import io.cotidal.model.MemberView;
import io.cotidal.model.Wanted;
import io.cotidal.postgres.actions.PostgresActions;
import io.cotidal.postgres.guard.Guard;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.observe.ServerSettings;
import io.cotidal.postgres.plan.archiving.ArchiveCheck;
import io.cotidal.postgres.plan.archiving.ArchiveExpire;
import io.cotidal.postgres.plan.archiving.ArchiveRepair;
import io.cotidal.postgres.plan.archiving.ArchiveSwitch;
import io.cotidal.postgres.plan.archiving.BackUp;
import io.cotidal.postgres.plan.archiving.BackupBoard;
import io.cotidal.postgres.plan.archiving.LogBoard;
import io.cotidal.postgres.plan.archiving.Restore;
import io.cotidal.postgres.plan.cluster.DiskBoard;
import io.cotidal.postgres.plan.cluster.Doctor;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.Out;
import io.cotidal.postgres.plan.cluster.PgDiagnosis;
import io.cotidal.postgres.plan.cluster.Upstreams;
import io.cotidal.postgres.plan.guarding.GuardChange;
import io.cotidal.postgres.plan.guarding.Guarding;
import io.cotidal.postgres.plan.logical.LogicalBoard;
import io.cotidal.postgres.plan.logical.LogicalRepair;
import io.cotidal.postgres.plan.members.Create;
import io.cotidal.postgres.plan.members.FenceMember;
import io.cotidal.postgres.plan.members.QuorumChange;
import io.cotidal.postgres.plan.members.Rejoin;
import io.cotidal.postgres.plan.members.Repairs;
import io.cotidal.postgres.plan.members.TakeBack;
import io.cotidal.postgres.plan.members.TakeOut;
import io.cotidal.postgres.plan.members.Tidy;
import io.cotidal.postgres.plan.settings.RollOut;
import io.cotidal.postgres.plan.settings.SettingsBoard;
import io.cotidal.postgres.plan.settings.SettingsRepair;
import io.cotidal.postgres.plan.succession.ColdStart;
import io.cotidal.postgres.plan.succession.FailoverType;
import io.cotidal.postgres.plan.succession.Guarantee;
import io.cotidal.postgres.plan.succession.Rehearse;
import io.cotidal.postgres.plan.succession.Restart;
import io.cotidal.postgres.plan.succession.Switchover;
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
              new GuardChange(),
              new Rehearse(),
              new Repairs.Forget(),
              new Tidy(),
              new LogicalRepair(),
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
              new ArchiveExpire(),
              new BackUp(),
              new Restore(),
              new SettingsRepair(),
              new RollOut())
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
      List<String> slots,
      boolean writable,
      @Nullable Object log,
      List<Guard> guards,
      Object logical,
      @Nullable ServerSettings settings) {}

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
        facts.slots(),
        facts.writable(),
        facts.log() == null ? null : facts.log().essence(),
        facts.guards(),
        facts.logical().essence(),
        facts.settings());
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
    Optional<Onlooker> onlooker = Onlooker.of(spec, state);
    if (onlooker.isPresent()) {
      return onlooker.get().diagnosis();
    }
    PgDiagnosis found = new Doctor(spec, state).diagnose();
    PgDiagnosis judged = new LogBoard(spec, state).judged(found);
    judged = new BackupBoard(spec, state).judged(judged);
    PgDiagnosis room = new DiskBoard(spec, state).judged(new Guarding(spec, state).judged(judged));
    return new SettingsBoard(spec, state).judged(room);
  }

  @Override
  public List<Wanted> plan(PostgresSpec spec, State<PgFacts> state) {
    Optional<Onlooker> onlooker = Onlooker.of(spec, state);
    if (onlooker.isPresent()) {
      return onlooker.get().wanted();
    }
    Doctor doctor = new Doctor(spec, state);
    PgDiagnosis found = doctor.diagnose();
    List<Wanted> wanted = new ArrayList<>(new Planner(spec, state, doctor).plan(found));
    new Guarding(spec, state).wanted(found).ifPresent(wanted::add);
    wanted.addAll(new LogBoard(spec, state).wanted(found));
    wanted.addAll(new BackupBoard(spec, state).wanted(found));
    found
        .answering()
        .ifPresent(primary -> wanted.addAll(new LogicalBoard(spec, state).wanted(primary)));
    wanted.addAll(new SettingsBoard(spec, state).wanted(found));
    Rehearse.wanted(spec, state, found, wanted.isEmpty()).ifPresent(wanted::add);
    return wanted;
  }

  @Override
  public Remarks remark(PostgresSpec spec, State<PgFacts> state, Details before) {
    LossBoard losses = new LossBoard(state);
    return losses.remark(
        before, new Witness(spec, state, this::operation).remark(LossBoard.without(before)));
  }

  @Override
  public Optional<OperationType<PostgresSpec, PgFacts>> operation(String type) {
    return Optional.ofNullable(types.get(type)).map(Hooked::new);
  }

  @Override
  public long due(PostgresSpec spec, State<PgFacts> state) {
    return Ledger.of(state.ledger())
        .primary()
        .map(
            primary -> Math.min(new Upstreams(spec, state).due(primary), Rehearse.due(spec, state)))
        .orElseGet(() -> Rehearse.due(spec, state));
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
    return new Screens(spec, Onlooker.seen(spec, state)).members();
  }

  @Override
  public List<LinkView> links(PostgresSpec spec, State<PgFacts> state) {
    return new Screens(spec, Onlooker.seen(spec, state)).links();
  }

  @Override
  public String guarantee(PostgresSpec spec, State<PgFacts> state) {
    return Onlooker.of(spec, state)
        .map(Onlooker::guarantee)
        .orElseGet(() -> new Guarantee(spec, state).sentence());
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
