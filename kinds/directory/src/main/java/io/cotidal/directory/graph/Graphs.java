package io.cotidal.directory.graph;

import java.util.Collections;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The graphs that are on the class path, by name. */
public final class Graphs {
  private final SortedMap<String, Graph> known = new TreeMap<>();

  /** Those that the class path has now. */
  public Graphs() {
    ServiceLoader.load(Graph.class).forEach(graph -> known.put(graph.name(), graph));
  }

  /** The words of all of them. */
  public SortedSet<String> names() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(known.keySet()));
  }

  /** The graph of that name. */
  public Optional<Graph> find(String name) {
    return Optional.ofNullable(known.get(name));
  }

  /**
   * The graph of that name.
   *
   * @throws IllegalArgumentException listing those that are known
   */
  public Graph need(String name) {
    return find(name)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "graph '" + name + "' is not known; use " + String.join(", ", known.keySet())));
  }
}
