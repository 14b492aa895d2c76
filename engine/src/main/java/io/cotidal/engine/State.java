package io.cotidal.engine;

import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.MemberId;
import io.cotidal.model.Moment;
import io.cotidal.model.Observation;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.Pause;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a resource at one moment. Immutable: planners and screens read the same
 * value.
 *
 * @param now when it was known
 * @param epoch the leadership under which this control plane acts; 0 if it never led
 * @param leading whether it may act now
 * @param ledger durable facts that operations committed (who is primary, who is in the quorum)
 * @param members by name; exactly the members that the spec names
 * @param operations open ones and recent ones, by number
 * @param items by {@link Item#key()}
 * @param source how the source of members is
 * @param pause if somebody wants nothing to be done by itself
 * @param departed members that the ledger remembers and the spec names no more
 * @param <F> the kind's facts
 */
public record State<F>(
    Moment now,
    long epoch,
    boolean leading,
    Details ledger,
    SortedMap<MemberId, MemberState<F>> members,
    SortedMap<Long, Operation> operations,
    SortedMap<String, Item> items,
    Optional<Pause> pause,
    SourceHealth source,
    Departed departed) {

  /** Makes the maps unmodifiable. The caller must not keep them. */
  public State {
    members = Collections.unmodifiableSortedMap(members);
    operations = Collections.unmodifiableSortedMap(operations);
    items = Collections.unmodifiableSortedMap(items);
  }

  /** Of a resource whose members the configuration names, and of which none departed. */
  public State(
      Moment now,
      long epoch,
      boolean leading,
      Details ledger,
      SortedMap<MemberId, MemberState<F>> members,
      SortedMap<Long, Operation> operations,
      SortedMap<String, Item> items) {
    this(
        now,
        epoch,
        leading,
        ledger,
        members,
        operations,
        items,
        Optional.empty(),
        SourceHealth.CONFIGURED,
        Departed.NOBODY);
  }

  /** The state before anything is known. */
  public static <F> State<F> empty(Moment now, List<MemberId> memberIds) {
    SortedMap<MemberId, MemberState<F>> members = new TreeMap<>();
    memberIds.forEach(id -> members.put(id, MemberState.unseen(id)));
    return new State<>(now, 0, false, Details.NONE, members, new TreeMap<>(), new TreeMap<>());
  }

  /** A state in the making: every change of one part copies the others here, once. */
  private static final class Draft<F> {
    private Moment now;
    private long epoch;
    private boolean leading;
    private Details ledger;
    private SortedMap<MemberId, MemberState<F>> members;
    private SortedMap<Long, Operation> operations;
    private SortedMap<String, Item> items;
    private Optional<Pause> pause;
    private SourceHealth source;
    private Departed departed;

    Draft(State<F> from) {
      now = from.now;
      epoch = from.epoch;
      leading = from.leading;
      ledger = from.ledger;
      members = from.members;
      operations = from.operations;
      items = from.items;
      pause = from.pause;
      source = from.source;
      departed = from.departed;
    }

    State<F> done() {
      return new State<>(
          now, epoch, leading, ledger, members, operations, items, pause, source, departed);
    }
  }

  private State<F> changed(Consumer<Draft<F>> change) {
    Draft<F> draft = new Draft<>(this);
    change.accept(draft);
    return draft.done();
  }

  /** The same facts at a later moment; ages grow, nothing else changes. */
  public State<F> at(Moment later) {
    return changed(draft -> draft.now = later);
  }

  /**
   * The state after one more look at {@code member}; unchanged if the member is not of this
   * resource.
   */
  public State<F> next(MemberId member, Observation<F> seen, long begun) {
    MemberState<F> before = members.get(member);
    return before == null ? this : with(before.next(seen, begun));
  }

  State<F> with(MemberState<F> member) {
    SortedMap<MemberId, MemberState<F>> copy = new TreeMap<>(members);
    copy.put(member.id(), member);
    return changed(draft -> draft.members = copy);
  }

  /** The same, with these members and no others: what a kind sees that asks about some of them. */
  public State<F> withMembers(Map<MemberId, MemberState<F>> newMembers) {
    return changed(draft -> draft.members = new TreeMap<>(newMembers));
  }

  /** Exactly these members; who is new has not been looked at. */
  State<F> withMembers(List<MemberId> ids) {
    SortedMap<MemberId, MemberState<F>> copy = new TreeMap<>();
    for (MemberId id : ids) {
      MemberState<F> known = members.get(id);
      copy.put(id, known == null ? MemberState.unseen(id) : known);
    }
    return withMembers(copy);
  }

  /** Failures that were counted so far count no more. */
  State<F> forgiven() {
    SortedMap<MemberId, MemberState<F>> copy = new TreeMap<>();
    members.forEach((id, member) -> copy.put(id, member.forgiven()));
    return withMembers(copy);
  }

  /** No member is known to have taken our epoch. */
  State<F> unstamped() {
    SortedMap<MemberId, MemberState<F>> copy = new TreeMap<>();
    members.forEach((id, member) -> copy.put(id, member.stamped(false)));
    return withMembers(copy);
  }

  State<F> with(Operation operation) {
    SortedMap<Long, Operation> copy = new TreeMap<>(operations);
    copy.put(operation.number(), operation);
    return changed(draft -> draft.operations = copy);
  }

  State<F> withOperations(Map<Long, Operation> newOperations) {
    return changed(draft -> draft.operations = new TreeMap<>(newOperations));
  }

  State<F> withLedger(Details newLedger) {
    return changed(draft -> draft.ledger = newLedger);
  }

  State<F> withLeadership(long newEpoch, boolean isLeading) {
    return changed(draft -> {
      draft.epoch = newEpoch;
      draft.leading = isLeading;
    });
  }

  State<F> withPause(Optional<Pause> newPause) {
    return changed(draft -> draft.pause = newPause);
  }

  State<F> with(SourceHealth newSource) {
    return changed(draft -> draft.source = newSource);
  }

  State<F> with(Departed newDeparted) {
    return changed(draft -> draft.departed = newDeparted);
  }

  State<F> with(Item item) {
    SortedMap<String, Item> copy = new TreeMap<>(items);
    copy.put(item.key(), item);
    return changed(draft -> draft.items = copy);
  }

  State<F> without(String itemKey) {
    SortedMap<String, Item> copy = new TreeMap<>(items);
    copy.remove(itemKey);
    return changed(draft -> draft.items = copy);
  }

  State<F> withItems(List<Item> newItems) {
    SortedMap<String, Item> all = new TreeMap<>();
    newItems.forEach(item -> all.put(item.key(), item));
    return changed(draft -> draft.items = all);
  }

  /** The item of that sort and name, or null if there is none. */
  public @Nullable Item item(String sort, String name) {
    return items.get(Item.key(sort, name));
  }

  /** The items of that sort, by name. */
  public List<Item> items(String sort) {
    // '0' follows '/' in ASCII: everything between is of this sort.
    return List.copyOf(items.subMap(sort + "/", sort + "0").values());
  }

  /** The member's state, or null if the resource has no such member. */
  public @Nullable MemberState<F> member(MemberId id) {
    return members.get(id);
  }

  /** Operations that have not ended, oldest first. */
  public Stream<Operation> open() {
    return operations.values().stream().filter(operation -> !operation.state().ended());
  }

  /** Operations that hold their locks: begun and not ended, attention included. */
  public Stream<Operation> holding() {
    return operations.values().stream()
        .filter(operation ->
            operation.state().underWay() || operation.state() == OperationState.ATTENTION);
  }

  /** Operations that have ended and are still remembered, newest first. */
  public Stream<Operation> recent() {
    return operations.values().stream()
        .filter(operation -> operation.state().ended())
        .sorted((a, b) -> Long.compare(b.number(), a.number()));
  }
}
