package io.cotidal.feeds.plan;

import io.cotidal.engine.Run;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How far one publication is with making its generation, by whichever way. */
record Making(Run run, Chosen chosen) {
  /** The way by deltas that it goes, or has gone; none if it loads the dump. */
  Optional<Way> way() {
    return chosen.ways().stream().filter(way -> failed(way).isEmpty()).findFirst();
  }

  /** The step by which a way led nowhere. */
  private Optional<String> failed(Way way) {
    return Stream.of(way.fetched(), way.staged())
        .filter(key -> !run.isDone(key) && run.failures(key) > 0)
        .findFirst();
  }

  private Stream<String> keys() {
    List<String> ways = chosen.ways().stream().map(Way::staged).toList();
    return Stream.concat(Stream.of(Acts.STAGE), ways.stream());
  }

  /** Whether anything of the generation may be there. */
  boolean tried() {
    return keys().anyMatch(key -> run.last(key).isPresent());
  }

  /** Whether it is whole. */
  boolean done() {
    return keys().anyMatch(run::isDone);
  }

  /** How it was made, for people; empty if its job offered no deltas. */
  String sentence() {
    if (!chosen.offered()) {
      return "";
    }
    if (chosen.ways().isEmpty()) {
      return "in full: none of the deltas leads on from what was here";
    }
    return way()
        .map(way -> "by " + way.sentence())
        .orElseGet(() -> Jobs.cut("in full: " + problem()));
  }

  private String problem() {
    return failed(chosen.ways().getFirst()).map(run::problem).orElse("");
  }
}
