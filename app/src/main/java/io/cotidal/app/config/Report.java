package io.cotidal.app.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects, while a configuration is read, what is wrong with it and what is in force. */
final class Report {
  /** More lines help nobody, and a hostile file could make a million. */
  private static final int MOST = 100;

  private record Found(int line, Problem problem) {}

  private final List<Found> problems = new ArrayList<>();
  private final List<Explained> values = new ArrayList<>();
  private int more;

  void problem(Place place, String path, String reason, String remedy) {
    if (problems.size() < MOST) {
      problems.add(
          new Found(place.line(), new Problem(place.text(), Quote.line(path), reason, remedy)));
    } else {
      more++;
    }
  }

  void value(String path, String value, Place origin) {
    values.add(new Explained(path, value, origin.text()));
  }

  boolean sound() {
    return problems.isEmpty();
  }

  /** All problems in the order of the file's lines; before them those that are in no line. */
  List<Problem> problems(String file) {
    List<Problem> all = new ArrayList<>();
    problems.stream()
        .sorted(Comparator.comparingInt(Found::line))
        .forEach(found -> all.add(found.problem()));
    if (more > 0) {
      all.add(
          new Problem(
              file, "", more + " further problems are not shown", "mend these and look again"));
    }
    return List.copyOf(all);
  }

  List<Explained> values() {
    return List.copyOf(values);
  }
}
