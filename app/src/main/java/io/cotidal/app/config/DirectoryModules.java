package io.cotidal.app.config;

import static io.cotidal.app.config.Form.fit;
import static io.cotidal.app.config.Form.unfit;

import io.cotidal.directory.graph.Graph;
import io.cotidal.directory.graph.Graphs;
import io.cotidal.directory.target.Target;
import io.cotidal.model.Details;
import java.util.Collection;
import java.util.ServiceLoader;
import java.util.SortedSet;
import java.util.TreeSet;

/** The topologies and the kinds of servers that this build has, by their words. */
final class DirectoryModules {
  private final Graphs graphs = new Graphs();
  private final SortedSet<String> targets = new TreeSet<>();

  /** Those that the class path has now. */
  DirectoryModules() {
    ServiceLoader.load(Target.class).forEach(target -> targets.add(target.name()));
  }

  SortedSet<String> targets() {
    return targets;
  }

  /** Topologies that need no parameter. */
  SortedSet<String> simpleGraphs() {
    SortedSet<String> simple = new TreeSet<>(graphs.names());
    simple.removeIf(name -> graphs.find(name).filter(this::simple).isEmpty());
    return simple;
  }

  private boolean simple(Graph graph) {
    try {
      graph.check(Details.NONE);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  Form<String> target() {
    return text -> known(text, targets);
  }

  Form<String> graph() {
    return text -> known(text, graphs.names());
  }

  /**
   * Whether the topology takes these parameters.
   *
   * @throws IllegalArgumentException with one line: what is wrong and what would be right
   */
  void check(String graph, Details parameters) {
    graphs.find(graph).ifPresent(found -> found.check(parameters));
  }

  private static Form.Read<String> known(String text, Collection<String> words) {
    return words.contains(text)
        ? fit(text)
        : unfit(
            Quote.of(text) + " is not known",
            Nearest.to(text, words).map(near -> "did you mean " + near + "? ").orElse("")
                + "write one of "
                + String.join(", ", words));
  }
}
