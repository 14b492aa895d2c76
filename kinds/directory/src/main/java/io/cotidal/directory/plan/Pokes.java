package io.cotidal.directory.plan;

import io.cotidal.directory.graph.Edge;
import io.cotidal.directory.observe.Agreement;
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
 * Which suppliers pause for a reason that has gone: they are told to try again at once. Where that
 * is not certain they are told seldom: one that was stalled, for a vector may keep quiet about a
 * replica; one that failed, for 389 DS gives up for good when it meets a consumer that is only
 * being prepared; and one that says all is well while its consumer does not get what it has. Pure.
 */
final class Pokes {
  /** Suppliers that were told to try again are given so long. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** If it is not certain, twice as long each time that they were told so within this. */
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
      if (hold(edge)) {
        note(pausing, edge);
      }
    }
    pausing.keySet().removeIf(member -> !told(member, PATIENCE).isEmpty());
    doubtful()
        .forEach((member, suppliers) ->
            pausing.computeIfAbsent(member, _ -> new TreeSet<>()).addAll(suppliers));
    List<Wanted> pokes = new ArrayList<>();
    pausing.forEach((member, suppliers) -> pokes.add(poke(member, suppliers)));
    return pokes;
  }

  /** Members whom suppliers may be able to send to again, unless they were told so lately. */
  private SortedMap<MemberId, SortedSet<MemberId>> doubtful() {
    SortedMap<MemberId, SortedSet<MemberId>> doubtful = new TreeMap<>();
    stalled(doubtful);
    stopped(doubtful);
    doubtful
        .keySet()
        .removeIf(member -> {
          int times = Math.min(told(member, MEMORY).size(), MOST_DOUBLINGS);
          return times > 0 && !told(member, PATIENCE.multipliedBy(1L << (times - 1))).isEmpty();
        });
    return doubtful;
  }

  /** Members that somebody else has brought on since, by what they show, with their suppliers. */
  private void stalled(SortedMap<MemberId, SortedSet<MemberId>> doubtful) {
    Set<MemberId> awaiting = picture.rescue().stream().map(Edge::to).collect(Collectors.toSet());
    Reliance reliance = new Reliance(picture);
    for (Edge edge : picture.paths.with(Status.STALLED)) {
      MemberId to = edge.to();
      if (reliance.level(edge) && picture.belongs(to) && !awaiting.contains(to)) {
        note(doubtful, edge);
      }
    }
  }

  /** Those who gave up, and those who say nothing amiss and do not send what they have. */
  private void stopped(SortedMap<MemberId, SortedSet<MemberId>> doubtful) {
    for (Edge edge : picture.paths.with(Status.FAILED)) {
      if (hold(edge) && enabled(edge)) {
        note(doubtful, edge);
      }
    }
    long limit = picture.state.now().micros() / 1_000_000 - picture.spec.guards().lag().toSeconds();
    for (Edge edge : picture.paths.with(Status.SUCCEEDED)) {
      if (hold(edge)
          && enabled(edge)
          && Paths.lacks(picture.facts(edge.from()), picture.facts(edge.to()), limit)) {
        note(doubtful, edge);
      }
    }
    for (Edge edge : picture.paths.with(Status.NONE_YET)) {
      if (hold(edge)
          && enabled(edge)
          && Paths.mayLack(picture.facts(edge.from()), picture.facts(edge.to()), limit)) {
        note(doubtful, edge);
      }
    }
  }

  /** Whether both ends answer and hold the data. */
  private boolean hold(Edge edge) {
    return picture.answers(edge.to())
        && picture.standing(edge.from()) == Standing.IN
        && picture.standing(edge.to()) == Standing.IN;
  }

  private boolean enabled(Edge edge) {
    Agreement agreement = picture.paths.present().get(edge);
    return agreement != null && agreement.enabled() && !agreement.initialising();
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
