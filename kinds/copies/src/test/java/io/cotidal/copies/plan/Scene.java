package io.cotidal.copies.plan;

import io.cotidal.copies.observe.CopiesFacts;
import io.cotidal.copies.servers.ServerRuntime.Standing;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.Item;
import io.cotidal.model.Lock;
import io.cotidal.model.MemberId;
import io.cotidal.model.Moment;
import io.cotidal.model.Observation;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.OperationState;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Risk;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.model.StepRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is known of a template at one moment, put together by hand. */
final class Scene {
  static final long NOW = 1_800_000_000_000_000L;
  static final long SECOND = 1_000_000;
  static final long HOUR = 3_600 * SECOND;

  private final SortedMap<String, Item> items = new TreeMap<>();
  private final SortedMap<Long, Operation> operations = new TreeMap<>();
  private final SortedMap<String, CopiesFacts.Server> servers = new TreeMap<>();
  private final TreeSet<String> leftovers = new TreeSet<>();
  private final TreeSet<String> taken = new TreeSet<>();
  private Details ledger = Details.NONE;
  private long passed;
  private boolean looked = true;
  private boolean writable = true;
  private long free = 1L << 40;
  private long memory = 1L << 40;
  private Optional<CopiesFacts.DumpSeen> dump = Optional.empty();

  /** With generation g1 in use. */
  static Scene ready() {
    return new Scene().generation("g1").ledger(Shelf.CURRENT, "g1");
  }

  Scene ledger(String name, Object value) {
    ledger = ledger.with(name, value);
    return this;
  }

  private Scene put(Item item) {
    items.put(item.key(), item);
    return this;
  }

  Scene generation(String id) {
    return generation(id, Shelf.READY, Details.NONE, NOW - 10 * HOUR);
  }

  Scene generation(String id, String state, Details facts, long created) {
    return put(new Item(Shelf.GENERATION, id, "", state, facts, created, 0));
  }

  Scene copy(String name, String id, String state, long expires) {
    return copy("ann", name, id, state, expires);
  }

  Scene copy(String owner, String name, String id, String state, long expires) {
    Details facts = Details.of(Acts.ID, id).with(Acts.GENERATION, "g1");
    return put(new Item(Shelf.COPY, name, owner, state, facts, NOW - HOUR, expires));
  }

  Scene spare(String id, String generation, String state) {
    Details facts = Details.of(Acts.GENERATION, generation);
    return put(new Item(Shelf.SPARE, id, "", state, facts, NOW - HOUR, 0));
  }

  Scene server(String id, Standing standing, long idleSince) {
    servers.put(id, new CopiesFacts.Server(standing, 0, idleSince));
    return this;
  }

  Scene leftover(String id) {
    leftovers.add(id);
    return this;
  }

  Scene dump(String fingerprint) {
    dump = Optional.of(new CopiesFacts.DumpSeen("/dumps/good.sql", 7, fingerprint));
    return this;
  }

  /** A replica is there to be taken from. */
  Scene replica(String mark) {
    dump = Optional.of(new CopiesFacts.DumpSeen("postgres/orders", 0, mark));
    return this;
  }

  Scene memory(long bytes) {
    memory = bytes;
    return this;
  }

  Scene free(long bytes) {
    free = bytes;
    return this;
  }

  Scene readOnly() {
    writable = false;
    return this;
  }

  /** What of the folder of links is somebody else's. */
  Scene taken(String... names) {
    taken.addAll(List.of(names));
    return this;
  }

  Scene blind() {
    looked = false;
    return this;
  }

  Scene operation(long number, String type, OperationState state, Lock... locks) {
    return operation(number, type, state, Details.NONE, locks);
  }

  Scene operation(long number, String type, OperationState state, Details input, Lock... locks) {
    operations.put(
        number,
        new Operation(
            new OperationId(new ResourceId("copies", "shop"), number),
            type,
            1,
            input,
            Risk.SAFE,
            state,
            "somebody wanted it",
            state == OperationState.FAILED ? "line 7 is broken" : "",
            "key",
            "basis",
            new Actor("ann"),
            null,
            null,
            false,
            List.of(locks),
            NOW,
            0,
            NOW,
            state.ended() ? NOW : 0,
            new ArrayList<>()));
    return this;
  }

  /** A creation that hands that place out; if it has ended, it ended just now. */
  Scene handOut(long number, String id, OperationState state) {
    operation(number, Create.NAME, state);
    Step step = Changes.act(Acts.HAND_OUT, id, "hand " + id + " out");
    operations.computeIfPresent(number, (_, it) -> it.with(StepRecord.planned(1, step, 1)));
    return this;
  }

  /** So long afterwards, in microseconds. */
  Scene later(long micros) {
    passed += micros;
    return this;
  }

  CopiesFacts facts() {
    return new CopiesFacts(
        "paper", free, 1L << 41, memory, 2, writable, servers, leftovers, dump, taken);
  }

  State<CopiesFacts> state() {
    SortedMap<MemberId, MemberState<CopiesFacts>> members = new TreeMap<>();
    Observation<CopiesFacts> seen =
        looked
            ? new Observation.Seen<>(
                facts(), new Host(Host.Process.RUNNING, Stamp.NONE, Details.NONE))
            : new Observation.CannotTell<>("the volume does not answer", Host.UNKNOWN);
    members.put(CopiesSpec.HOST, MemberState.<CopiesFacts>unseen(CopiesSpec.HOST).next(seen, 1));
    return new State<>(new Moment(1, NOW + passed), 1, true, ledger, members, operations, items);
  }
}
