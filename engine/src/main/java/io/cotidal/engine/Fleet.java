package io.cotidal.engine;

import io.cotidal.model.MemberId;
import io.cotidal.model.Moment;
import io.cotidal.model.ResourceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks over all resources at once: when many members of many resources go together, the fault is
 * likelier ours, or that of something between us and all sources, than theirs. Then nobody is let
 * go of by itself, until enough have come back or a person has approved enough of it.
 *
 * <p>Pure, but for what it remembers: who is gone since when. Not thread-safe; one owner calls it.
 */
public final class Fleet {
  /** From so many members on. */
  static final int MEMBERS = 10;

  /** Of so many resources. */
  static final int RESOURCES = 3;

  /** What goes within so long goes together. */
  static final Duration WINDOW = Duration.ofMinutes(10);

  /**
   * A member that went.
   *
   * @param since monotonic time
   * @param letGo whether it has been let go of since; it counts for a window all the same
   */
  private record Gone(ResourceId resource, MemberId member, long since, boolean letGo) {}

  private List<Gone> gone = new ArrayList<>();

  /** Nobody is gone. */
  public Fleet() {}

  /** Who of {@code resource} is gone has changed. */
  public void on(ResourceId resource, State<?> state) {
    Map<MemberId, Gone> before = new HashMap<>();
    List<Gone> next = new ArrayList<>();
    for (Gone one : gone) {
      if (one.resource().equals(resource)) {
        before.put(one.member(), one);
      } else {
        next.add(one);
      }
    }
    for (MemberId member : state.departed().members().keySet()) {
      Gone known = before.remove(member);
      next.add(
          known == null || known.letGo()
              ? new Gone(resource, member, state.now().nanos(), false)
              : known);
    }
    for (Gone left : before.values()) {
      if (state.member(left.member()) == null) {
        next.add(new Gone(resource, left.member(), left.since(), true));
      }
    }
    gone = next;
  }

  /** That one is a resource no more. */
  public void forget(ResourceId resource) {
    gone.removeIf(one -> one.resource().equals(resource));
  }

  /** Why nobody may be let go of by itself now, in one sentence; empty if that is not so. */
  public String suspicion(Moment now) {
    gone.removeIf(one -> one.letGo() && now.nanos() - one.since() > WINDOW.toNanos());
    gone.sort(Comparator.comparingLong(Gone::since));
    for (int first = 0; first < gone.size(); first++) {
      List<Gone> together = together(first);
      Set<ResourceId> resources = new HashSet<>();
      together.forEach(one -> resources.add(one.resource()));
      if (together.size() >= MEMBERS && resources.size() >= RESOURCES) {
        return together.size()
            + " members of "
            + resources.size()
            + " resources went within "
            + WINDOW.toMinutes()
            + " minutes, so the fault is likely here; nobody is let go of by itself: look at sources"
            + " and network, or approve each that is meant to go";
      }
    }
    return "";
  }

  private List<Gone> together(int first) {
    long end = gone.get(first).since() + WINDOW.toNanos();
    int next = first;
    while (next < gone.size() && gone.get(next).since() - end <= 0) {
      next++;
    }
    return gone.subList(first, next);
  }
}
