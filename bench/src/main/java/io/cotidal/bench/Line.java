package io.cotidal.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * All values of one line of a measurement, in thousandths of its unit.
 *
 * @param values Cotidal's
 * @param others the other way's, by what its time stopped at
 * @param parts of Cotidal's values, by name
 */
record Line(
    String title,
    String unit,
    Bar bar,
    List<Long> values,
    Map<String, List<Long>> others,
    Map<String, List<Long>> parts) {
  /** What must be held against a limit. */
  enum Held {
    /** Nothing is promised. */
    NOTHING("-"),
    /** Half of the values are at most the limit. */
    MEDIAN("p50 <= "),
    /** All values are nothing. */
    ZERO("none: "),
    /** 95 of a hundred values are less than the limit. */
    P95("p95 < "),
    /** The median is at most so many times the other way's. */
    RATIO("ratio <= "),
    /** The median is at least so many times the other way's: more is better. */
    LEAST("ratio >= ");

    private final String words;

    Held(String words) {
      this.words = words;
    }
  }

  /**
   * A promise.
   *
   * @param ways the other ways that it is held against; every one if empty
   */
  record Bar(Held held, double limit, Set<String> ways) {
    static final Bar NONE = new Bar(Held.NOTHING, 0);

    Bar {
      ways = Set.copyOf(ways);
    }

    /** Held against every other way. */
    Bar(Held held, double limit) {
      this(held, limit, Set.of());
    }

    String words() {
      return held == Held.NOTHING ? held.words : held.words + limit;
    }
  }

  /**
   * What values come to, in the line's unit.
   *
   * @param n how many
   */
  record Spread(int n, double p50, double p95, double max) {
    private static Spread of(List<Long> thousandths) {
      Summary all = Summary.of(thousandths);
      return new Spread(all.n(), all.p50() / 1e3, all.p95() / 1e3, all.max() / 1e3);
    }
  }

  Line(String title, String unit, Bar bar) {
    this(title, unit, bar, new ArrayList<>(), new LinkedHashMap<>(), new TreeMap<>());
  }

  void other(String way, long thousandths) {
    others.computeIfAbsent(way, _ -> new ArrayList<>()).add(thousandths);
  }

  void part(String name, long thousandths) {
    parts.computeIfAbsent(name, _ -> new ArrayList<>()).add(thousandths);
  }

  /** Of at least one value. */
  Spread ours() {
    return Spread.of(values);
  }

  Map<String, Spread> rivals() {
    Map<String, Spread> spreads = new LinkedHashMap<>();
    others.forEach((way, thousandths) -> spreads.put(way, Spread.of(thousandths)));
    return spreads;
  }

  /** {@link #ratio} to the other way, by what that one's time stopped at. */
  Map<String, Double> ratios() {
    Map<String, Double> ratios = new LinkedHashMap<>();
    rivals().forEach((way, spread) -> ratios.put(way, ratio(spread)));
    return ratios;
  }

  /** Median of Cotidal's as a part of the other's. */
  double ratio(Spread other) {
    return ours().p50() / other.p50();
  }

  /** Median of each part. */
  Map<String, Double> medians() {
    Map<String, Double> medians = new LinkedHashMap<>();
    parts.forEach((name, thousandths) -> medians.put(name, Spread.of(thousandths).p50()));
    return medians;
  }

  /** To those other ways that the promise is about. */
  private List<Double> held() {
    return ratios().entrySet().stream()
        .filter(each -> bar.ways().isEmpty() || bar.ways().contains(each.getKey()))
        .map(Map.Entry::getValue)
        .toList();
  }

  /**
   * Of several ratios each must hold: that to the other way's shortest time is the hardest. Without
   * the other way a promise about it is not met.
   */
  boolean met() {
    return switch (bar.held()) {
      case NOTHING -> true;
      case MEDIAN -> ours().p50() <= bar.limit();
      case ZERO -> ours().max() == 0;
      case P95 -> ours().p95() < bar.limit();
      case RATIO -> !held().isEmpty() && held().stream().allMatch(each -> each <= bar.limit());
      case LEAST -> !held().isEmpty() && held().stream().allMatch(each -> each >= bar.limit());
    };
  }
}
