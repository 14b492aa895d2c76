package io.cotidal.feeds.plan;

import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.observe.FeedsFacts;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a generation can be made by deltas of one that is here.
 *
 * @param copies whether that one stays, and is copied; else it becomes the new one
 * @param from its generation
 * @param deltas checksums of the files, the oldest first
 */
record Way(boolean copies, String from, List<String> deltas) {
  private static final String COPY = "copy";
  private static final String FORWARD = "forward";

  Way {
    deltas = List.copyOf(deltas);
  }

  /** The key of the step that fetches what it needs. */
  String fetched() {
    return Acts.FETCH + " " + word();
  }

  /** The key of the step that goes it. */
  String staged() {
    return Acts.STAGE + " " + word();
  }

  private String word() {
    return copies ? COPY : FORWARD;
  }

  /** For people. */
  String sentence() {
    return (deltas.size() == 1 ? "a delta" : deltas.size() + " deltas")
        + (copies ? " upon a copy of " : " upon ")
        + from;
  }

  /** Deltas that a job offers for its table. */
  static List<Body.Delta> offered(Thing.Wish.Publish wish) {
    return wish.body() instanceof Body.Layer layer ? layer.deltas() : List.of();
  }

  /**
   * The ways that are open, the cheapest first: a kept generation that would be dropped afterwards
   * is changed in place; what is served is only read. Those that are kept as ways back stay.
   */
  static List<Way> all(Picture picture, Subject subject, Thing.Wish.Publish wish) {
    String target = picture.target(subject, wish).orElse("");
    List<Way> ways = new ArrayList<>();
    if (target.isEmpty() || offered(wish).isEmpty()) {
      return ways;
    }
    Optional<FeedsFacts.Served> served = picture.served(target);
    SortedMap<String, String> kept = new TreeMap<>(picture.kept(target));
    kept.values().removeIf(String::isEmpty);
    // It may be among those that are kept if somebody changed its view.
    served.ifPresent(each -> kept.remove(each.generation()));
    kept.remove(Jobs.fact(picture.item(subject), Acts.GENERATION));
    int keep = picture.spec().database().map(each -> each.keep()).orElse(0);
    kept.keySet().stream()
        .sorted(Comparator.comparingLong(Kept::number).reversed())
        .skip(Math.max(0, keep - 1))
        .map(each -> new Way(false, each, chain(wish, kept.getOrDefault(each, ""))))
        .filter(way -> !way.deltas.isEmpty())
        .findFirst()
        .ifPresent(ways::add);
    served
        .filter(each -> !each.digest().isEmpty())
        .map(each -> new Way(true, each.generation(), chain(wish, each.digest())))
        .filter(way -> !way.deltas.isEmpty())
        .ifPresent(ways::add);
    return ways;
  }

  /** The fewest deltas that lead from there to what is wished for; none if they do not. */
  private static List<String> chain(Thing.Wish.Publish wish, String from) {
    record Path(String at, List<String> deltas) {}
    Deque<Path> ahead = new ArrayDeque<>(List.of(new Path(from, List.of())));
    Set<String> seen = new HashSet<>(Set.of(from));
    while (!ahead.isEmpty()) {
      Path path = ahead.remove();
      if (path.at.equals(wish.data())) {
        return path.deltas;
      }
      for (Body.Delta delta : offered(wish)) {
        if (delta.from().equals(path.at) && seen.add(delta.to())) {
          List<String> deltas = new ArrayList<>(path.deltas);
          deltas.add(delta.file().md5());
          ahead.add(new Path(delta.to(), deltas));
        }
      }
    }
    return List.of();
  }

  /** As the journal keeps them. */
  static String text(List<Way> ways) {
    return String.join(
        ";",
        ways.stream()
            .map(way -> way.word() + " " + way.from + " " + String.join(" ", way.deltas))
            .toList());
  }

  /** Reads {@link #text}. */
  static List<Way> read(String text) {
    return Arrays.stream(text.split(";"))
        .map(Jobs::words)
        .filter(words -> words.size() > 2)
        .map(words ->
            new Way(words.getFirst().equals(COPY), words.get(1), words.subList(2, words.size())))
        .toList();
  }
}
