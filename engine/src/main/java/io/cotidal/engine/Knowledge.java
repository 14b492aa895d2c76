package io.cotidal.engine;

import io.cotidal.model.MemberId;
import io.cotidal.model.Moment;
import io.cotidal.model.Operation;
import io.cotidal.model.SourceAnswer;
import io.cotidal.model.Spec;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted and what is known: the spec, the state, and whether something has changed since
 * anybody last drew consequences from it.
 */
final class Knowledge<S extends Spec, F> {
  /** From so many microseconds on, a difference between the clocks is no drift. */
  private static final long STEP = 1_000_000L;

  private final Kind<S, F> kind;
  private final Looks<S, F> looks;
  private S spec;
  private State<F> state;
  private boolean changed = true;
  private long due = Long.MAX_VALUE;

  /** What the source said last; null before its first answer. */
  private SourceAnswer.@Nullable Members latest;

  Knowledge(Kind<S, F> kind, S spec, State<F> state, Looks<S, F> looks) {
    this.kind = kind;
    this.spec = spec;
    this.looks = looks;
    this.state = state;
  }

  S spec() {
    return spec;
  }

  State<F> state() {
    return state;
  }

  Turn<F> turn() {
    return new Turn<>(spec.id(), state);
  }

  /**
   * Time has passed. After a pause of this process, the failures that it counted say nothing: the
   * time between two looks was ours, not the members'.
   */
  void at(Moment now) {
    long limit = Math.max(1_000 * Moment.MILLI, 4 * spec.tick().toNanos());
    if (now.nanosSince(state.now().nanos()) > limit) {
      state = state.forgiven().with(state.departed().anew(now.nanos()));
      changed = true;
    }
    changed |= state.now().micros() < due && now.micros() >= due;
    changed |= due != Long.MAX_VALUE && stepped(now);
    state = state.at(now);
  }

  /** Whether the wall clock was set: what is due then is due at another moment. */
  private boolean stepped(Moment now) {
    long wall = now.micros() - state.now().micros();
    return Math.abs(wall - now.nanosSince(state.now().nanos()) / 1_000) > STEP;
  }

  /** Consequences were drawn: wall time, in microseconds, at which time alone changes them. */
  void due(long micros) {
    due = micros;
  }

  /** When time alone changes something, on the monotonic clock, if that is before {@code at}. */
  long orDue(long at) {
    long wait = due - state.now().micros();
    return wait <= 0 || wait > (at - state.now().nanos()) / 1_000
        ? at
        : state.now().nanos() + wait * 1_000;
  }

  /** A member has been looked at; a look that began before the last one says nothing. */
  void observed(Input.Observed<S, F> look) {
    MemberState<F> before = state.member(look.member());
    if (before == null || look.begun() < before.observedAt()) {
      return;
    }
    state = state.next(look.member(), look.observation(), look.begun());
    changed |= looks.news(spec, before, Objects.requireNonNull(state.member(look.member())));
  }

  /** An act or an inspection ended; the member on which it was, if it was on one. */
  Optional<MemberId> acted(long operation, int sequence) {
    return looks.acted(state, operation, sequence);
  }

  /** The configuration has changed; who the members are is still the source's to say. */
  void respecify(S newSpec) {
    become(latest == null ? newSpec : kind.withMembers(newSpec, latest.found()));
  }

  private void become(S newSpec) {
    if (newSpec.equals(spec)) {
      return;
    }
    spec = newSpec;
    state = state.withMembers(newSpec.members());
    looks.retain(state.members().keySet());
    count();
    changed = true;
  }

  /** The source of members answered; if it could not, what it said last stays in force. */
  void answered(SourceAnswer answer) {
    SourceHealth before = state.source();
    switch (answer) {
      case SourceAnswer.Members members -> {
        state = state.with(before.answered(state.now()));
        latest = members;
        become(kind.withMembers(spec, members.found()));
      }
      case SourceAnswer.Unavailable unavailable ->
          state = state.with(before.failed(state.now(), unavailable.reason()));
    }
    count();
    changed |= !state.source().like(before);
  }

  /** Cotidal mistrusts its own sight of all resources, in one sentence; empty if it does not. */
  void suspected(String why) {
    changed |= !why.equals(state.departed().suspicion());
    state = state.with(state.departed().suspecting(why));
  }

  /** Who is gone, as ledger, spec and source have it now. */
  private void count() {
    Departed before = state.departed();
    Departed now =
        before.next(
            kind.remembered(state.ledger()),
            state.members().keySet(),
            state.source(),
            state.now().nanos());
    changed |= !now.equals(before);
    state = state.with(now);
  }

  /** What the store holds, read by one who may act under its epoch once the members are stamped. */
  void loaded(Snapshot snapshot) {
    SortedMap<Long, Operation> loaded = new TreeMap<>();
    snapshot.operations().forEach(operation -> loaded.put(operation.number(), operation));
    state =
        state
            .withOperations(loaded)
            .withLedger(snapshot.ledger())
            .withItems(snapshot.items())
            .withPause(snapshot.pause())
            .withLeadership(snapshot.epoch(), false)
            .unstamped();
    count();
    changed = true;
  }

  /** Rows are durable. */
  void committed(List<Row> rows) {
    for (Row row : rows) {
      state = Memory.apply(state, row);
    }
    count();
    changed = true;
  }

  void stamped(MemberState<F> member) {
    state = state.with(member.stamped(true));
  }

  /** This control plane may act. */
  void leads() {
    state = state.withLeadership(state.epoch(), true);
    changed = true;
  }

  /** It may not, and no member is known to have taken its epoch. */
  void leadsNoMore() {
    state = state.withLeadership(state.epoch(), false).unstamped();
  }

  /** Consequences must be drawn anew, whatever is known. */
  void reconsider() {
    changed = true;
  }

  /** Whether consequences must be drawn. */
  boolean changed() {
    return changed;
  }

  /** Whether every member has been looked at since the last act on it. */
  boolean seen() {
    return looks.sinceActs(state);
  }

  /**
   * Consequences are being drawn. They will be again at once until every member has been looked at
   * since the last act on it.
   *
   * @return whether every member has been
   */
  boolean considered() {
    boolean seen = seen();
    changed = !seen;
    return seen;
  }
}
