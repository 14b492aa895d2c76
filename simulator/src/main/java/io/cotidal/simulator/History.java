package io.cotidal.simulator;

import io.cotidal.engine.Input;
import io.cotidal.engine.Kind;
import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.PostgresKind;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.spec.Access;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * One seeded history: three managers, three members, twenty faults in the first 100 simulated
 * seconds, then peace, and after 100 more seconds at the latest everything must be in sync.
 */
public final class History {
  /** Simulated time at which the last fault has healed. */
  static final long PEACE = 100 * Scheduler.SECOND;

  private static final long END = 200 * Scheduler.SECOND;
  private static final long CALM = 20 * Scheduler.SECOND;

  /** Looks are a second apart, and may take most of one. */
  private static final Duration GUARD = Duration.ofSeconds(3);

  private static final Kind<PostgresSpec, PgFacts> POSTGRES = new PostgresKind();
  private static final List<MemberId> MEMBERS =
      List.of(new MemberId("a"), new MemberId("b"), new MemberId("c"));

  /**
   * What came of it.
   *
   * @param violations broken invariants; empty is good
   * @param acknowledged client writes that were acknowledged
   * @param operations operations that ran
   * @param attention operations that a person would have to look at
   */
  public record Verdict(
      long seed, List<String> violations, long acknowledged, int operations, int attention) {}

  private final long seed;
  private final Rules rules;
  private final Consumer<String> trace;
  private final Scheduler scheduler = new Scheduler();
  private final SplittableRandom random;
  private final Network network = new Network();
  private final Invariants invariants;
  private final World world;
  private final SimGate gate;
  private final SimStore store;
  private final SimLease lease;
  private final Kind<PostgresSpec, PgFacts> kind;
  private final PostgresSpec spec;
  private final List<SimManager> managers = new ArrayList<>();
  private final Faults faults;
  private final Peace peace;
  int storeFails;
  int slowMessages;

  private History(long seed, Rules rules, Consumer<String> trace) {
    this.seed = seed;
    this.trace = trace;
    this.rules = rules;
    this.random = new SplittableRandom(seed);
    boolean quorum = random.nextInt(4) != 0;
    PostgresSpec flat =
        quorum
            ? spec(1, failover(random.nextInt(3) == 0))
            : spec(0, random.nextBoolean() ? failover(false).guarded(GUARD) : failover(false));
    this.spec = cascaded(flat, seed % 4 == 1);
    this.kind = rules.kind(POSTGRES);
    this.invariants = new Invariants(scheduler, quorum);
    this.world =
        new World(
            scheduler,
            random,
            network,
            invariants,
            random.nextBoolean(),
            new World.Operators(this::mustBeCopied, this::disabled, this::out));
    this.gate =
        new SimGate(scheduler, random, rules, new SimActs(scheduler, world, rules, this::tell));
    this.store =
        new SimStore(
            Details.of("primary", "a")
                .with("quorum", "b,c")
                .with("k", spec.quorum())
                .with("timeline", 1)
                .with("members", "a,b,c"));
    this.lease = new SimLease(scheduler);
    this.faults = new Faults(this);
    this.peace = new Peace(this);
  }

  /** Runs the history of {@code seed} with every rule kept. */
  public static Verdict run(long seed) {
    return run(seed, new Rules());
  }

  static Verdict run(long seed, Rules rules) {
    return run(seed, rules, line -> {});
  }

  /** The same, telling {@code trace} what happens. */
  static Verdict run(long seed, Rules rules, Consumer<String> trace) {
    return new History(seed, rules, trace).run();
  }

  private static Failover failover(boolean byQuorum) {
    return new Failover(
        true,
        Duration.ofSeconds(1),
        Duration.ofMillis(700),
        3,
        Duration.ofMillis(2_500),
        byQuorum ? Failover.Fence.QUORUM : Failover.Fence.PROCESS,
        Duration.ofSeconds(10));
  }

  private static PostgresSpec spec(int k, Failover failover) {
    List<Server> servers = new ArrayList<>();
    for (MemberId member : MEMBERS) {
      Path place = Path.of("/sim", member.name());
      servers.add(new Server(member, "127.0.0.1", 5432, place, place, ""));
    }
    return new PostgresSpec(
        new ResourceId("postgres", "sim"),
        Mode.MANAGE,
        servers,
        k,
        failover,
        new Access("postgres", new Secret(""), "replicator", new Secret("")),
        new TreeMap<>());
  }

  /** In some histories the last member streams from the one before. */
  private static PostgresSpec cascaded(PostgresSpec spec, boolean cascade) {
    List<Server> servers = new ArrayList<>(spec.servers());
    if (cascade) {
      servers.add(servers.removeLast().following(MEMBERS.get(1)));
    }
    return new PostgresSpec(
        spec.id(),
        spec.mode(),
        servers,
        spec.quorum(),
        spec.failover(),
        spec.access(),
        spec.settings());
  }

  private Verdict run() {
    world.begin(MEMBERS, spec.quorum());
    for (String name : List.of("m1", "m2", "m3")) {
      SimManager manager = new SimManager(name, this);
      managers.add(manager);
      manager.start();
      elect(manager);
    }
    faults.plan();
    scheduler.runUntil(PEACE, this::violated);
    faults.end();
    for (long at = PEACE + CALM; at <= END; at += CALM) {
      scheduler.runUntil(at, this::violated);
      if (violated()) {
        return verdict(0);
      }
      if (peace.unrest().isEmpty()) {
        break;
      }
    }
    int attention = 0;
    for (Operation operation : store.load().operations()) {
      attention += operation.state() == OperationState.ATTENTION ? 1 : 0;
    }
    if (attention == 0) {
      peace.unrest().forEach(invariants::violated);
    }
    return verdict(attention);
  }

  private boolean violated() {
    return !invariants.broken().isEmpty();
  }

  private Verdict verdict(int attention) {
    return new Verdict(
        seed,
        List.copyOf(invariants.broken()),
        invariants.acknowledged(),
        (int) store.load().lastNumber(),
        attention);
  }

  private void elect(SimManager manager) {
    String name = manager.name();
    if (manager.running() && network.connected(name, SimManager.STORE)) {
      boolean won = lease.acquire(name);
      boolean believed = manager.elected;
      if (won && !believed) {
        manager.feed(new Input.LeaseWon<>(store.load()));
      } else if (!won && believed) {
        manager.feed(new Input.LeaseLost<>("another one holds the lease"));
      }
      manager.elected = won;
    } else if (manager.running() && manager.elected && !lease.holds(name)) {
      manager.feed(new Input.LeaseLost<>("could not renew the lease"));
      manager.elected = false;
    }
    scheduler.after(Scheduler.SECOND, () -> elect(manager));
  }

  // What the parts of the world share.

  void leads(SimManager manager, State<PgFacts> state) {
    List<MemberId> stamped = new ArrayList<>();
    for (MemberState<PgFacts> member : state.members().values()) {
      if (member.stamped()) {
        stamped.add(member.id());
      }
    }
    tell(manager.name() + " leads in epoch " + state.epoch());
    invariants.leads(state.epoch(), stamped);
  }

  /** For whoever replays a seed. */
  void tell(String what) {
    trace.accept(scheduler.now() / Scheduler.MILLI + " ms: " + what);
  }

  private boolean mustBeCopied(MemberId member) {
    return Ledger.of(store.ledger()).mustBeCopied(member);
  }

  private boolean disabled(MemberId member) {
    return store.ledger().get("out." + member, "").equals("disabled");
  }

  private boolean out(MemberId member) {
    return store.ledger().has("out." + member)
        && !Ledger.of(store.ledger()).quorum().contains(member);
  }

  Scheduler scheduler() {
    return scheduler;
  }

  RandomGenerator random() {
    return random;
  }

  Network network() {
    return network;
  }

  World world() {
    return world;
  }

  SimGate gate() {
    return gate;
  }

  SimStore store() {
    return store;
  }

  Invariants invariants() {
    return invariants;
  }

  SimLease lease() {
    return lease;
  }

  Rules rules() {
    return rules;
  }

  Kind<PostgresSpec, PgFacts> kind() {
    return kind;
  }

  PostgresSpec spec() {
    return spec;
  }

  List<SimManager> managers() {
    return managers;
  }

  int storeFails() {
    return storeFails;
  }

  long latency() {
    return Scheduler.MILLI + random.nextLong(4 * Scheduler.MILLI);
  }

  /**
   * An order to a member may be held up on its way far longer than anybody waits for its answer.
   */
  long actLatency() {
    return random.nextInt(1_000) < slowMessages
        ? random.nextLong(10 * Scheduler.SECOND)
        : latency();
  }
}
