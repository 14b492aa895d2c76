package io.cotidal.postgres.plan.cluster;

import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Operation;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Members that a person took out: nobody starts them, repairs them or waits for them until a person
 * takes them back.
 *
 * <p>A member is taken off the quorum list <em>before</em> it is marked here. One that is marked
 * and on the list all the same (the list was too short without it) counts like any other: else
 * fewer positions than it takes would be taken for enough.
 *
 * @param marks who is out, and how
 * @param leaving who is being stopped or restarted at this moment, by a person's wish
 * @param quorum the ledger's list
 */
public record Out(SortedMap<MemberId, How> marks, Set<MemberId> leaving, List<MemberId> quorum) {
  private static final String MARK = "out.";
  private static final Set<String> LEAVING = Set.of(Types.STOP, Types.DISABLE, Types.RESTART);

  /** How a member is out. The words are journalled. */
  public enum How {
    /** It is stopped; its slot keeps the primary's log for it. */
    STOPPED,
    /** It is left alone, and the primary keeps nothing for it. */
    DISABLED;

    /** For the ledger and for people. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Who is out as the ledger says, and who is just being taken out. */
  public static Out of(State<?> state) {
    return of(state, Ledger.of(state.ledger()));
  }

  /** The same for whoever has read the ledger already. */
  public static Out of(State<?> state, Ledger ledger) {
    SortedMap<MemberId, How> marks = new TreeMap<>();
    for (Map.Entry<String, String> entry : state.ledger().entries().tailMap(MARK).entrySet()) {
      if (!entry.getKey().startsWith(MARK)) {
        break;
      }
      marks.put(
          new MemberId(entry.getKey().substring(MARK.length())),
          How.valueOf(entry.getValue().toUpperCase(Locale.ROOT)));
    }
    Set<MemberId> leaving = new TreeSet<>();
    for (Operation operation : state.operations().values()) {
      if (operation.state().underWay() && LEAVING.contains(operation.type())) {
        member(operation).ifPresent(leaving::add);
      }
      if (operation.state().underWay() && operation.type().equals(Types.ROLL_OUT)) {
        leaving.addAll(Ledger.split(operation.input().get(Inputs.FIRST, "")));
        leaving.addAll(Ledger.split(operation.input().get(Inputs.THEN, "")));
      }
    }
    return new Out(marks, leaving, ledger.quorum());
  }

  private static Optional<MemberId> member(Operation operation) {
    return operation.input().find(Inputs.MEMBER).map(MemberId::new);
  }

  /** Entries that take a member out. */
  public static Details mark(MemberId member, How how) {
    return Details.of(MARK + member, how.word());
  }

  /** Entries that take members back, if they were out. */
  public static Details clear(Collection<MemberId> members) {
    Details entries = Details.NONE;
    for (MemberId member : members) {
      entries = entries.with(MARK + member, "");
    }
    return entries;
  }

  /** Whether it is out, however. */
  public boolean has(MemberId member) {
    return marks.containsKey(member);
  }

  /** Whether the primary has forgotten it, too. */
  public boolean disabled(MemberId member) {
    return marks.get(member) == How.DISABLED;
  }

  /** Whether nobody wonders that the member does not answer. */
  boolean explains(MemberId member) {
    return has(member) || leaving.contains(member);
  }

  /** Whether a change of primary goes on as if there were no such member. */
  public boolean aside(MemberId member) {
    return has(member) && !quorum.contains(member);
  }

  /** Why the member does not answer, in a few words; empty if nothing explains it. */
  public String why(MemberId member) {
    How how = marks.get(member);
    return how == null ? "" : how.word() + " on purpose";
  }
}
