package io.cotidal.sources.roll;

import io.cotidal.model.Details;
import io.cotidal.sources.port.Found;
import java.util.ArrayList;
import java.util.List;

/**
 * What the answers of several sources come to. Two answers mean one member if name or address
 * agree.
 */
public enum Gathering {
  /** Whoever is named by any. */
  UNION {
    @Override
    public List<Found> of(List<List<Found>> answers) throws NoAnswer {
      List<Found> whole = new ArrayList<>();
      for (List<Found> answer : answers) {
        for (Found one : answer) {
          int at = find(whole, one);
          if (at < 0) {
            whole.add(one);
          } else {
            whole.set(at, merged(whole.get(at), one));
          }
        }
      }
      Roll.distinct(whole);
      return List.copyOf(whole);
    }

    private Found merged(Found first, Found second) throws NoAnswer {
      Address one = Roll.address(first);
      Address other = Roll.address(second);
      if (!one.meets(other)) {
        throw new NoAnswer(
            "two parts put "
                + first.id()
                + " at two addresses ("
                + one
                + " and "
                + other
                + "): correct one, or give it another name");
      }
      return new Found(first.id(), filled(first.attributes(), second.attributes()));
    }
  },
  /** Whoever is named by all; the first part says by which name and where. */
  INTERSECTION {
    @Override
    public List<Found> of(List<List<Found>> answers) throws NoAnswer {
      List<Found> whole = new ArrayList<>();
      for (Found one : answers.getFirst()) {
        Details attributes = one.attributes();
        boolean everywhere = true;
        for (List<Found> answer : answers.subList(1, answers.size())) {
          int at = find(answer, one);
          everywhere = everywhere && at >= 0;
          if (at >= 0) {
            attributes = labelled(attributes, answer.get(at).attributes());
          }
        }
        if (everywhere) {
          whole.add(new Found(one.id(), attributes));
        }
      }
      return List.copyOf(whole);
    }
  };

  /**
   * The members, in the order of the parts.
   *
   * @param answers of each part, in the order of the configuration; at least one
   * @throws NoAnswer if they contradict one another
   */
  public abstract List<Found> of(List<List<Found>> answers) throws NoAnswer;

  private static int find(List<Found> members, Found wanted) {
    for (int i = 0; i < members.size(); i++) {
      if (members.get(i).id().equals(wanted.id())) {
        return i;
      }
    }
    for (int i = 0; i < members.size(); i++) {
      if (Roll.address(members.get(i)).equals(Roll.address(wanted))) {
        return i;
      }
    }
    return -1;
  }

  private static Details filled(Details first, Details second) {
    return second.with(first);
  }

  private static Details labelled(Details first, Details second) {
    return filled(first, second.without(Labels.HOST).without(Labels.PORT));
  }
}
