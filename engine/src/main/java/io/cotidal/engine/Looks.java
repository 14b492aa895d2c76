package io.cotidal.engine;

import io.cotidal.model.MemberId;
import io.cotidal.model.Operation;
import io.cotidal.model.Spec;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What the looks at members say that is news, and whether they are later than our acts. */
final class Looks<S extends Spec, F> {
  private final Kind<S, F> kind;
  private final Map<MemberId, Object> essences = new HashMap<>();

  /** When the last act on a member ended: what was seen earlier says nothing of its effect. */
  private final Map<MemberId, Long> actedAt = new HashMap<>();

  Looks(Kind<S, F> kind) {
    this.kind = kind;
  }

  /**
   * A member has been looked at.
   *
   * @param before the member before this look
   * @param after the member after it
   * @return whether the look can change a plan
   */
  boolean news(S spec, MemberState<F> before, MemberState<F> after) {
    MemberId id = after.id();
    boolean first = actedAt.getOrDefault(id, Long.MIN_VALUE) > before.observedAt();
    Object essence = Basis.essence(kind, spec, after);
    boolean same = essence.equals(essences.put(id, essence));
    return first || !same || !after.answers();
  }

  /**
   * An act, or an inspection, of that row ended now.
   *
   * @return the member that must be looked at before anything is planned, if there is one
   */
  Optional<MemberId> acted(State<F> state, long operation, int sequence) {
    Operation owner = state.operations().get(operation);
    Optional<MemberId> member =
        owner == null
            ? Optional.empty()
            : owner.steps().stream()
                .filter(row -> row.sequence() == sequence && kind.awaitsLook(row.step()))
                .flatMap(row -> Stream.ofNullable(row.step().member()))
                .findFirst();
    member.ifPresent(id -> actedAt.put(id, state.now().nanos()));
    return member;
  }

  /** Only these members are left. */
  void retain(Set<MemberId> members) {
    essences.keySet().retainAll(members);
  }

  /** Whether every member has been looked at since the last act on it ended. */
  boolean sinceActs(State<F> state) {
    return actedAt.entrySet().stream()
        .allMatch(acted -> {
          MemberState<F> member = state.member(acted.getKey());
          return member == null || member.observedAt() >= acted.getValue();
        });
  }
}
