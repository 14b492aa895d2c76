package io.cotidal.feeds.plan;

import io.cotidal.engine.Brake;
import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.model.Item;
import io.cotidal.model.Wanted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is to be taken away, and in which order: nothing before what rests on it. */
final class Withdrawals {
  /** What goes: why, whether only because nobody names it, whether by itself. */
  private record Going(String reason, boolean absent, boolean automatic) {}

  private final Picture picture;
  private final Pauses pauses;
  private final SortedMap<Subject, Going> going = new TreeMap<>();

  /** For each workspace, the rank of what goes first there. */
  private final Map<String, Integer> first = new HashMap<>();

  private boolean groups;

  Withdrawals(Picture picture, FeedsFacts.Repository repository, Pauses pauses) {
    this.picture = picture;
    this.pauses = pauses;
    for (Thing thing : repository.things().values()) {
      if (thing.wish() instanceof Thing.Wish.Remove && picture.item(thing.subject()).isPresent()) {
        going.put(thing.subject(), new Going("its job says that it shall go", false, true));
      }
    }
    Absent absent = new Absent(picture, repository);
    SortedMap<Subject, String> reasons = absent.reasons();
    Brake brake = absent.brake(reasons.keySet());
    reasons.forEach((subject, reason) -> going.put(subject, absent(subject, reason, brake)));
    going.forEach((subject, go) -> {
      if (go.automatic() && !picture.item(subject).map(row -> row.is(Jobs.FAILING)).orElse(false)) {
        first.merge(subject.workspace(), rank(subject.sort()), Math::min);
        groups |= subject.sort() == Sort.GROUP;
      }
    });
  }

  private Going absent(Subject subject, String reason, Brake brake) {
    boolean guards = !subject.sort().foldered();
    boolean published = picture.item(subject).filter(Jobs::published).isPresent();
    boolean lets = !guards && (brake.lets() || !published);
    String why = guards ? "; what guards others goes only if a person says so" : "";
    return new Going(
        lets ? reason : reason + (guards ? why : "; " + brake.reason()), published, lets);
  }

  /** Whether nothing goes, or waits to go, because nobody names it. */
  boolean calm() {
    return going.values().stream().noneMatch(Going::absent)
        && picture.state().open().noneMatch(open -> open.type().equals(Withdraw.NAME));
  }

  /**
   * What is wanted.
   *
   * @param busy names of jobs that somebody works on
   * @param grouped whether a group is about to be published: it may let go of a member
   */
  List<Wanted> wanted(Set<String> busy, boolean grouped) {
    List<Wanted> wanted = new ArrayList<>();
    going.forEach((subject, go) -> {
      Optional<Item> row = picture.item(subject);
      boolean waits =
          go.automatic()
              && (pauses.pauses(row, Withdraw.ASKED) || waits(subject) || member(subject, grouped));
      if (!waits && !busy.contains(picture.name(subject))) {
        wanted.add(
            new Wanted(
                Withdraw.NAME,
                Withdraw.input(subject, Jobs.fact(row, Acts.TARGET), go.absent()),
                subject + ": " + go.reason(),
                go.automatic()));
      }
    });
    return wanted;
  }

  private static boolean member(Subject subject, boolean grouped) {
    return grouped && rank(subject.sort()) == 1;
  }

  /** Whether something that may rest on it goes first, and by itself. */
  private boolean waits(Subject subject) {
    int rank = rank(subject.sort());
    return (groups && rank > 0) || first.getOrDefault(subject.workspace(), rank) < rank;
  }

  private static int rank(Sort sort) {
    return switch (sort) {
      case GROUP -> 0;
      case LAYER, WMS_LAYER, LIVE_LAYER -> 1;
      case WMS_STORE, LIVE_STORE -> 2;
      case WORKSPACE -> 3;
      case RULES, ROLES -> 4;
    };
  }
}
