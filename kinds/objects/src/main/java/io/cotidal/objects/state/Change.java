package io.cotidal.objects.state;

import io.cotidal.model.Secret;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The headers of one request that changes a container. Prints their names alone.
 *
 * @param set what they are to be, by name
 * @param removed what is to be there no longer, by name
 */
public record Change(SortedMap<String, Secret> set, SortedSet<String> removed) {
  /** So many headers of metadata Swift takes in one request, unless it is told otherwise. */
  private static final int MOST = 90;

  /** Copies both. */
  public Change {
    set = Collections.unmodifiableSortedMap(new TreeMap<>(set));
    removed = Collections.unmodifiableSortedSet(new TreeSet<>(removed));
  }

  /** The request's headers: what is set, and for each that goes its own header that removes it. */
  public SortedMap<String, Secret> headers() {
    TreeMap<String, Secret> all = new TreeMap<>(set);
    removed.forEach(name -> all.put(Headers.removal(name), new Secret("x")));
    return all;
  }

  boolean none() {
    return set.isEmpty() && removed.isEmpty();
  }

  /** Whether nothing but the sync key is set. */
  boolean keyOnly() {
    return removed.isEmpty() && set.keySet().equals(Set.of(Headers.SYNC_KEY));
  }

  /** What makes a new container that one. */
  static Change whole(ContainerState state, Optional<Secret> key) {
    TreeMap<String, Secret> set = new TreeMap<>(state.headers());
    if (state.versioned()) {
      set.put(Headers.VERSIONS, new Secret("true"));
    }
    key.ifPresent(value -> set.put(Headers.SYNC_KEY, value));
    return new Change(set, new TreeSet<>());
  }

  /**
   * The requests that make {@code from} what {@code to} is: one, or several, where Swift refuses to
   * leave one way of keeping versions and to begin the other in the same request, or takes no
   * request with so many headers.
   *
   * @param key the sync key that it is to have; empty if it may have what it has
   */
  static List<Change> between(ContainerState from, ContainerState to, Optional<Secret> key) {
    TreeMap<String, Secret> set = new TreeMap<>();
    to.headers()
        .forEach((name, value) -> {
          if (!Objects.equals(value, from.headers().get(name))) {
            set.put(name, value);
          }
        });
    TreeSet<String> removed = new TreeSet<>(from.headers().keySet());
    removed.removeAll(to.headers().keySet());
    if (set.keySet().stream().anyMatch(Headers::location)) {
      // What is set replaces the other one; to remove that as well would be taken for a removal.
      removed.removeIf(Headers::location);
    }
    if (from.versioned() != to.versioned()) {
      set.put(Headers.VERSIONS, new Secret(String.valueOf(to.versioned())));
    }
    key.filter(value -> from.syncKey().filter(value::equals).isEmpty())
        .ifPresent(value -> set.put(Headers.SYNC_KEY, value));
    return requests(set, removed, to.versioned());
  }

  private static List<Change> requests(
      TreeMap<String, Secret> set, TreeSet<String> removed, boolean versioned) {
    boolean flag = set.containsKey(Headers.VERSIONS);
    boolean place =
        set.keySet().stream().anyMatch(Headers::location)
            || removed.stream().anyMatch(Headers::location);
    List<Change> all = new ArrayList<>();
    if (set.size() + removed.size() > MOST) {
      // What goes makes room for what comes: each has been a container's that Swift took.
      TreeSet<String> first = new TreeSet<>(removed);
      first.removeIf(Headers::location);
      all.add(new Change(new TreeMap<>(), first));
      removed.removeAll(first);
    }
    if (flag && place) {
      TreeMap<String, Secret> later = new TreeMap<>();
      for (Map.Entry<String, Secret> each : set.entrySet()) {
        boolean waits =
            versioned ? each.getKey().equals(Headers.VERSIONS) : Headers.location(each.getKey());
        if (waits) {
          later.put(each.getKey(), each.getValue());
        }
      }
      set.keySet().removeAll(later.keySet());
      all.add(new Change(set, removed));
      all.add(new Change(later, new TreeSet<>()));
    } else {
      all.add(new Change(set, removed));
    }
    all.removeIf(Change::none);
    return List.copyOf(all);
  }

  @Override
  public String toString() {
    return "set " + set.keySet() + ", remove " + removed;
  }
}
