package io.cotidal.objects.state;

import io.cotidal.model.MemberId;
import io.cotidal.objects.names.Timestamp;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Decides about a container that gateways carry, too. Who changed it last through a gateway wins,
 * as gateways themselves decide; and while one of them may be at it, or was just now, it is left to
 * them. Nobody is locked out by that: whoever decides from what is there comes to the same.
 */
public final class Yielding {
  /** So long a change is its gateway's business. */
  public static final Duration THEIRS = Duration.ofSeconds(60);

  private Yielding() {}

  /** When a gateway last let a client change it through a site. */
  public sealed interface Stamp {
    /** Then. */
    record At(Timestamp time) implements Stamp {}

    /** Not for as long as it is remembered. */
    record None() implements Stamp {}

    /**
     * Nobody can tell.
     *
     * @param reason in one line
     */
    record Unknown(String reason) implements Stamp {}
  }

  /**
   * What is to be done.
   *
   * @param waits why it is left as it is for now; empty if it is not
   */
  public record Decided(Decision decision, Optional<String> waits) {
    /** What is decided without asking gateways. */
    public static Decided of(Decision decision) {
      return new Decided(decision, Optional.empty());
    }
  }

  /** Whether stamps could change it: there is something to do, or somebody is overruled. */
  public static boolean matters(Decision decision) {
    return !decision.overruled().isEmpty()
        || decision.acts().stream().anyMatch(act -> !(act instanceof Act.Hold));
  }

  /**
   * Decides with stamps.
   *
   * @param situation without them
   * @param stamps of sites that have a gateway and were seen
   */
  public static Decided decide(Situation situation, Map<MemberId, Stamp> stamps) {
    TreeMap<MemberId, Timestamp> known = new TreeMap<>();
    for (MemberId site : situation.placed()) {
      switch (stamps.getOrDefault(site, new Stamp.None())) {
        case Stamp.At at -> known.put(site, at.time());
        case Stamp.None _ -> {}
        case Stamp.Unknown unknown -> {
          return held(situation, site, "nobody knows who changed it last: " + unknown.reason());
        }
      }
    }
    for (Map.Entry<MemberId, Timestamp> each : known.entrySet()) {
      Duration age = Duration.between(each.getValue().instant(), situation.terms().now().instant());
      if (age.plus(THEIRS).isNegative()) {
        return held(
            situation,
            each.getKey(),
            "the clock of its gateway is %d s ahead of ours: set both right"
                .formatted(age.negated().toSeconds()));
      }
      if (age.compareTo(THEIRS) < 0) {
        return held(situation, each.getKey(), "a gateway is at it");
      }
    }
    return Decided.of(
        Convergence.decide(
            new Situation(
                situation.name(),
                situation.placed(),
                situation.looks(),
                situation.agreed(),
                new Situation.Hints(known, situation.hints().contents()),
                situation.terms())));
  }

  private static Decided held(Situation situation, MemberId site, String reason) {
    Act hold = new Act.Hold(site, reason);
    return new Decided(
        new Decision(List.of(hold), List.of(), situation.agreed()),
        Optional.of("site " + site + ": " + reason));
  }
}
