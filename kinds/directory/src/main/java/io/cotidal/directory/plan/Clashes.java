package io.cotidal.directory.plan;

import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.observe.Replica;
import io.cotidal.model.MemberId;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Members that must not replicate to one another: two with one replica id would lose each other's
 * changes, and so would two that make the same unique ids because they are clones of one image,
 * with every agreement green.
 *
 * @param images pairs of clones
 * @param ids pairs with one replica id
 * @param returned members whose id was given back, and belongs to nobody
 */
record Clashes(List<Pair> images, List<Pair> ids, SortedSet<MemberId> returned) {
  /** Two that clash; {@code what} they share. */
  record Pair(MemberId one, MemberId other, String what) {
    boolean concerns(MemberId member) {
      return one.equals(member) || other.equals(member);
    }
  }

  static Clashes of(
      List<MemberId> members, Function<MemberId, @Nullable DirectoryFacts> known, Ledger ledger) {
    List<Pair> images = new ArrayList<>();
    List<Pair> ids = new ArrayList<>();
    SortedSet<MemberId> returned = new TreeSet<>();
    SortedMap<String, MemberId> machines = new TreeMap<>();
    SortedMap<Integer, MemberId> users = new TreeMap<>();
    SortedMap<Integer, MemberId> owners = ledger.owners();
    for (MemberId member : members) {
      DirectoryFacts facts = known.apply(member);
      if (facts == null) {
        continue;
      }
      if (!facts.machine().isEmpty()) {
        MemberId twin = machines.putIfAbsent(facts.machine(), member);
        if (twin != null) {
          images.add(new Pair(twin, member, "unique-id generator"));
        }
      }
      Replica replica = facts.replica();
      if (replica != null) {
        MemberId other = users.putIfAbsent(replica.id(), member);
        MemberId owner = owners.getOrDefault(replica.id(), member);
        String what = "replica id " + replica.id();
        if (other != null) {
          ids.add(new Pair(other, member, what));
        } else if (!owner.equals(member) && !holds(known.apply(owner))) {
          // Who was given it and does not show it yet.
          ids.add(new Pair(owner, member, what));
        }
        if (ledger.retired().containsKey(replica.id()) && !owners.containsKey(replica.id())) {
          returned.add(member);
        }
      }
    }
    return new Clashes(images, ids, returned);
  }

  private static boolean holds(@Nullable DirectoryFacts facts) {
    return facts != null && facts.replica() != null;
  }

  /** Whether {@code member} clashes with anybody. */
  boolean concern(MemberId member) {
    return images.stream().anyMatch(pair -> pair.concerns(member))
        || ids.stream().anyMatch(pair -> pair.concerns(member));
  }

  /** Whether the id of {@code member} was given back. */
  boolean returned(MemberId member) {
    return returned.contains(member);
  }
}
