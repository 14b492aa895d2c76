package io.cotidal.sources.roll;

import io.cotidal.model.Details;
import io.cotidal.model.Found;
import io.cotidal.model.MemberId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who of those whom a source names is counted. */
public final class Roll {
  /** More than any topology has; a source that names more has gone wrong. */
  static final int MOST = 2_000;

  private Roll() {}

  /**
   * The members, in the order of the candidates.
   *
   * @param before whom the same source was last believed to name; empty before its first answer
   * @throws NoAnswer if two have one name or one address, or a name does not fit
   */
  public static List<Found> of(
      List<Candidate> candidates, Admission admission, Optional<List<Found>> before)
      throws NoAnswer {
    if (candidates.size() > MOST) {
      throw new NoAnswer("more than " + MOST + " members are named: look what went wrong there");
    }
    Map<MemberId, Found> known = new HashMap<>();
    before.ifPresent(members -> members.forEach(found -> known.put(found.id(), found)));
    List<Found> members = new ArrayList<>();
    for (Candidate candidate : candidates) {
      if (candidate.name().isEmpty() && candidate.address().none()) {
        continue;
      }
      MemberId id = Naming.of(candidate);
      boolean old = known.containsKey(id) || before.isEmpty();
      boolean counted =
          candidate.fit()
              || switch (admission) {
                case NEWCOMERS -> old;
                case ANYBODY -> true;
                case THE_WELL -> false;
              };
      if (!counted) {
        continue;
      }
      if (!candidate.address().none()) {
        members.add(found(id, candidate.address(), candidate.labels()));
      } else if (known.containsKey(id)) {
        // It stands still and has no address for now: where it was, it is expected again.
        members.add(known.get(id));
      }
    }
    distinct(members);
    return List.copyOf(members);
  }

  /** A member as the engine takes it. */
  public static Found found(MemberId id, Address address, Details labels) {
    Details attributes = labels.with(Labels.HOST, address.host());
    return new Found(
        id, address.port() == 0 ? attributes : attributes.with(Labels.PORT, address.port()));
  }

  /** Where a member is, of those that {@link #found} made. */
  public static Address address(Found found) {
    return new Address(
        found.attributes().get(Labels.HOST, ""),
        Integer.parseInt(found.attributes().get(Labels.PORT, "0")));
  }

  /**
   * Checks that no two members are one.
   *
   * @throws NoAnswer if two have one name or one address
   */
  public static void distinct(List<Found> members) throws NoAnswer {
    Map<MemberId, Address> names = new HashMap<>();
    Map<Address, MemberId> addresses = new HashMap<>();
    for (Found member : members) {
      Address address = address(member);
      Address other = names.put(member.id(), address);
      if (other != null) {
        throw new NoAnswer(
            "two members are called "
                + member.id()
                + " ("
                + other
                + " and "
                + address
                + "): give each a name of its own");
      }
      MemberId namesake = addresses.put(address, member.id());
      if (namesake != null) {
        throw new NoAnswer(
            namesake
                + " and "
                + member.id()
                + " have one address, "
                + address
                + ": name each server once");
      }
    }
  }
}
