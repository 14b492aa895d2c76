package io.cotidal.directory.plan;

import io.cotidal.directory.graph.Edge;
import io.cotidal.directory.observe.Agreement.Status;
import io.cotidal.directory.plan.Picture.Standing;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.Wanted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which suppliers pause for a reason that has gone: they are told to try again at once. That one
 * which was stalled can go on now is not certain, for a vector may keep quiet about a replica: so
 * it is tried again seldom. Pure.
 */
final class Pokes {
  /** Suppliers that were told to try again are given so long. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** If they were stalled, twice as long each time that they were told so within this. */
  private static final Duration MEMORY = Duration.ofMinutes(5);

  private static final int MOST_DOUBLINGS = 7;

  private final Picture picture;

  Pokes(Picture picture) {
    this.picture = picture;
  }

  List<Wanted> wanted() {
    SortedMap<MemberId, SortedSet<MemberId>> pausing = new TreeMap<>();
    for (Edge edge : picture.paths.with(Status.UNREACHABLE)) {
      if (picture.answers(edge.to()) && picture.belongs(edge.to())) {
        note(pausing, edge);
      }
    }
    for (Edge edge : picture.paths.with(Status.OTHER_DATA)) {
      // What it said before the consumer, or it itself, was filled.
      if (picture.standing(edge.from()) == Standing.IN
          && picture.standing(edge.to()) == Standing.IN
          && picture.answers(edge.to())) {
        note(pausing, edge);
      }
    }
    pausing.keySet().removeIf(member -> !told(member, PATIENCE).isEmpty());
    stalled()
        .forEach((member, suppliers) ->
            pausing.computeIfAbsent(member, _ -> new TreeSet<>()).addAll(suppliers));
    List<Wanted> pokes = new ArrayList<>();
    pausing.forEach((member, suppliers) -> pokes.add(poke(member, suppliers)));
    return pokes;
  }

  /** Members that somebody else has brought on since, by what they show, with their suppliers. */
  private SortedMap<MemberId, SortedSet<MemberId>> stalled() {
    SortedMap<MemberId, SortedSet<MemberId>> stalled = new TreeMap<>();
    Set<MemberId> awaiting = picture.rescue().stream().map(Edge::to).collect(Collectors.toSet());
    Reliance reliance = new Reliance(picture);
    for (Edge edge : picture.paths.with(Status.STALLED)) {
      MemberId to = edge.to();
      if (reliance.level(edge) && picture.belongs(to) && !awaiting.contains(to)) {
        note(stalled, edge);
      }
    }
    stalled
        .keySet()
        .removeIf(member -> {
          int times = Math.min(told(member, MEMORY).size(), MOST_DOUBLINGS);
          return times > 0 && !told(member, PATIENCE.multipliedBy(1L << (times - 1))).isEmpty();
        });
    return stalled;
  }

  private static void note(SortedMap<MemberId, SortedSet<MemberId>> pausing, Edge edge) {
    pausing.computeIfAbsent(edge.to(), _ -> new TreeSet<>()).add(edge.from());
  }

  private static Wanted poke(MemberId member, SortedSet<MemberId> suppliers) {
    return new Wanted(
        Poke.NAME,
        Details.of(Poke.MEMBER, member).with(Poke.SUPPLIERS, Moves.names(suppliers)),
        member + " answers, and its suppliers still pause",
        false);
  }

  /** When the member's suppliers were told to, in the last while. */
  private List<Operation> told(MemberId member, Duration within) {
    long now = picture.state.now().micros();
    return picture
        .state
        .recent()
        .filter(past ->
            past.type().equals(Poke.NAME)
                && past.state() == OperationState.DONE
                && past.input().get(Poke.MEMBER, "").equals(member.name())
                && now - past.endedMicros() < within.toNanos() / 1_000
                && now >= past.endedMicros())
        .toList();
  }
}
