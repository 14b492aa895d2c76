package io.cotidal.postgres.plan;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.Moment;
import io.cotidal.model.Observation;
import io.cotidal.model.Operation;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.model.Stamp;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.spec.Access;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A cluster as it looks: who says what, for how long. Begins healthy: a, with b and c. */
final class Scene {
  static final MemberId A = new MemberId("a");
  static final MemberId B = new MemberId("b");
  static final MemberId C = new MemberId("c");

  PostgresSpec spec = spec(1, Failover.DEFAULT);
  Details ledger =
      Ledger.primary(A, 2, 500)
          .with(Acts.TIMELINE, 3)
          .with(Ledger.quorum(List.of(B, C), 1))
          .with(Ledger.members(List.of(A, B, C)));
  final SortedMap<MemberId, Observation<PgFacts>> says = new TreeMap<>();
  private final List<Operation> operations = new ArrayList<>();
  private final SortedMap<MemberId, MemberState<PgFacts>> members = new TreeMap<>();
  private long nanos = 100_000 * Moment.MILLI;

  Scene() {
    says.put(A, seen(primary(3, 1000, "ANY 1 (\"b\",\"c\")", "b", "c")));
    says.put(B, seen(replica(3, 1000, A, 10)));
    says.put(C, seen(replica(3, 1000, A, 10)));
  }

  static PostgresSpec spec(int quorum, Failover failover) {
    return new PostgresSpec(
        new ResourceId("postgres", "orders"),
        Mode.MANAGE,
        Stream.of(A, B, C)
            .map(
                id -> new Server(id, "127.0.0.1", 5432, Path.of("/srv/" + id), Path.of("/bin"), ""))
            .toList(),
        quorum,
        failover,
        new Access("postgres", new Secret("s"), "replicator", new Secret("r")),
        new TreeMap<>());
  }

  static PgFacts primary(long timeline, long position, String sync, String... streaming) {
    return new PgFacts(
        170000,
        7,
        false,
        timeline,
        position,
        position,
        null,
        null,
        Stream.of(streaming).map(name -> new PgFacts.Sender(name, "streaming", position)).toList(),
        sync,
        List.of(),
        true);
  }

  static PgFacts replica(long timeline, long position, MemberId from, long silentMillis) {
    return new PgFacts(
        170000,
        7,
        true,
        timeline,
        position,
        position,
        from,
        new PgFacts.Receiver("streaming", from, silentMillis),
        List.of(),
        "",
        List.of(),
        false);
  }

  static PgFacts standby(long timeline, long position) {
    return new PgFacts(
        170000, 7, true, timeline, position, position, null, null, List.of(), "", List.of(), false);
  }

  static Observation<PgFacts> seen(PgFacts facts) {
    return new Observation.Seen<>(facts, host(Host.Process.RUNNING, "present"));
  }

  static Host host(Host.Process process, String data) {
    return new Host(process, Stamp.NONE, Details.of(Acts.DATA, data));
  }

  static Observation<PgFacts> gone(String data) {
    return new Observation.Refused<>("connection refused", host(Host.Process.GONE, data));
  }

  static Observation<PgFacts> silent() {
    return new Observation.Silent<>(400 * Moment.MILLI, Host.UNKNOWN);
  }

  static Observation<PgFacts> cannotTell(String reason) {
    return new Observation.CannotTell<>(reason, host(Host.Process.RUNNING, "present"));
  }

  Scene says(MemberId member, Observation<PgFacts> observation) {
    says.put(member, observation);
    return this;
  }

  Scene says(MemberId member, PgFacts facts) {
    return says(member, seen(facts));
  }

  Scene ledger(Details changes) {
    ledger = ledger.with(changes);
    return this;
  }

  /** Everybody is looked at so often, 200 ms apart. */
  Scene looks(int times) {
    for (int i = 0; i < times; i++) {
      nanos += 200 * Moment.MILLI;
      says.forEach((id, seen) ->
          members.put(id, members.getOrDefault(id, MemberState.unseen(id)).next(seen, nanos)));
    }
    return this;
  }

  /** Only that member is looked at so often, 200 ms apart; nobody asks the others. */
  Scene looks(int times, MemberId alone) {
    Observation<PgFacts> seen = Objects.requireNonNull(says.get(alone));
    for (int i = 0; i < times; i++) {
      nanos += 200 * Moment.MILLI;
      members.put(alone, members.getOrDefault(alone, MemberState.unseen(alone)).next(seen, nanos));
    }
    return this;
  }

  Scene knows(Operation operation) {
    operations.add(operation);
    return this;
  }

  State<PgFacts> state() {
    return state(operations);
  }

  State<PgFacts> state(List<Operation> those) {
    SortedMap<MemberId, MemberState<PgFacts>> all = new TreeMap<>();
    spec.members().forEach(id -> all.put(id, members.getOrDefault(id, MemberState.unseen(id))));
    SortedMap<Long, Operation> numbered = new TreeMap<>();
    those.forEach(operation -> numbered.put(operation.number(), operation));
    return new State<>(
        new Moment(nanos, nanos / 1000), 1, true, ledger, all, numbered, new TreeMap<>());
  }
}
