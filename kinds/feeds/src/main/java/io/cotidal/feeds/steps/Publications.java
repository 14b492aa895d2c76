package io.cotidal.feeds.steps;

import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.plan.Asks;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the two newest revisions say, found by subject and by what is asked for: an act is about
 * what was planned, whatever was pulled since. Thread-safe.
 */
final class Publications {
  private SortedMap<Subject, Thing> current = new TreeMap<>();
  private Set<Subject> excluded = Set.of();
  private Map<String, Thing> asked = new HashMap<>();
  private Map<String, Thing> before = new HashMap<>();

  /**
   * What the newest revision says.
   *
   * @param others those of them that this replica does not take
   */
  synchronized void are(SortedMap<Subject, Thing> things, Set<Subject> others) {
    if (things.equals(current)) {
      return;
    }
    before = asked;
    asked = new HashMap<>();
    things
        .values()
        .forEach(thing ->
            thing
                .publish()
                .ifPresent(wish -> asked.put(key(thing.subject(), Asks.of(wish)), thing)));
    current = things;
    excluded = Set.copyOf(others);
  }

  /** The workspaces that shall be in the database. */
  synchronized List<Body.Workspace> workspaces() {
    return current.keySet().stream()
        .filter(subject -> !excluded.contains(subject))
        .flatMap(subject -> body(subject).stream())
        .filter(Body.Workspace.class::isInstance)
        .map(Body.Workspace.class::cast)
        .filter(Body.Workspace::database)
        .toList();
  }

  /** What a thing shall be; empty if no job publishes it. */
  synchronized Optional<Body> body(Subject subject) {
    return Optional.ofNullable(current.get(subject))
        .flatMap(Thing::publish)
        .map(Thing.Wish.Publish::body);
  }

  /** What the newest revision says, by subject. */
  synchronized SortedMap<Subject, Thing> current() {
    return current;
  }

  /** The job that asks for that. */
  synchronized Optional<Thing> find(Subject subject, String ask) {
    String key = key(subject, ask);
    Thing thing = asked.get(key);
    return Optional.ofNullable(thing == null ? before.get(key) : thing);
  }

  private static String key(Subject subject, String ask) {
    return subject.key() + " " + ask;
  }
}
