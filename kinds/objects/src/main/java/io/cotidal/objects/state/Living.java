package io.cotidal.objects.state;

import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.objects.state.Agreed.Base;
import io.cotidal.objects.state.Agreed.Form;
import io.cotidal.objects.state.Overruled.Sort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Brings a container that is to be there to the same state at every site. */
final class Living {
  private static final String SENDS =
      "versions cannot be switched on while X-Container-Sync-To is set there; remove that first";

  private final Situation situation;
  private final Agreed agreed;
  private final List<MemberId> present;

  /**
   * What was found before.
   *
   * @param holds of sites that could not be read
   * @param overruled grows
   * @param revived sites where it is made again
   * @param contenders whose state may win; empty if that follows from who changed it
   */
  record Outcome(
      List<Act> holds,
      List<Overruled> overruled,
      Set<MemberId> revived,
      Optional<List<MemberId>> contenders) {}

  /** The state that wins. */
  private record Won(MemberId site, ContainerState state, Imprint imprint, Optional<Secret> key) {}

  Living(Situation situation, Agreed agreed) {
    this.situation = situation;
    this.agreed = agreed;
    this.present =
        situation.placed().stream()
            .filter(site -> situation.look(site) instanceof Look.Seen)
            .toList();
  }

  /** The look at a site that is known to have it. */
  static Look.Seen seen(Situation situation, MemberId site) {
    return switch (situation.look(site)) {
      case Look.Seen seen -> seen;
      case Look.Absent _, Look.Unknown _ ->
          throw new IllegalArgumentException(site + " was not seen to have it");
    };
  }

  Decision decide(Outcome outcome) {
    Optional<MemberId> winner = new Contest(situation, agreed, present).winner(outcome);
    if (winner.isEmpty()) {
      List<Act> acts = new ArrayList<>();
      String reason =
          "the newest state is at %s, which cannot be read"
              .formatted(new Contest(situation, agreed, present).holders());
      situation.placed().stream()
          .filter(site -> !(situation.look(site) instanceof Look.Unknown))
          .forEach(site -> acts.add(new Act.Hold(site, reason)));
      acts.addAll(outcome.holds());
      return new Decision(acts, outcome.overruled(), Optional.of(agreed));
    }
    ContainerState state = seen(situation, winner.get()).state();
    Optional<Secret> key = new SyncKeys(situation, agreed, present).chosen(outcome.overruled());
    return carried(new Won(winner.get(), state, state.imprint(situation.name()), key), outcome);
  }

  private Decision carried(Won won, Outcome outcome) {
    List<Act> acts = new ArrayList<>();
    Agreed next = new Agreed(new Form.Live(won.imprint()), mark(won), agreed.bases());
    for (MemberId site : situation.placed()) {
      switch (situation.look(site)) {
        case Look.Seen seen -> {
          clash(won, site, seen, outcome);
          Optional<Act> act = act(won, site, seen);
          Base.Held held = held(seen);
          next = next.with(site, act.isPresent() ? held.becoming(won.imprint()) : held);
          act.ifPresent(acts::add);
        }
        case Look.Absent _ -> {
          Base.Held made = becomes(won, policy(won, site));
          next = next.with(site, made.unsure());
          acts.add(create(won, made, site, outcome.revived().contains(site)));
        }
        case Look.Unknown _ -> {
          // It keeps what it is known to have had.
        }
      }
    }
    acts.sort(Comparator.comparingInt(act -> rank(act, won.site())));
    acts.addAll(outcome.holds());
    return new Decision(acts, outcome.overruled(), Optional.of(next));
  }

  /** Who is written to gets the key before who writes. */
  private int rank(Act act, MemberId winner) {
    if (act instanceof Act.Hold) {
      return 3;
    }
    if (act.site().equals(winner)) {
      return 2;
    }
    return situation.look(act.site()) instanceof Look.Seen seen && seen.state().syncTo() ? 1 : 0;
  }

  private String mark(Won won) {
    return won.key()
        .map(key -> Imprint.of(situation.name(), Headers.SYNC_KEY, key))
        .orElse(agreed.key());
  }

  private Base.Held held(Look.Seen seen) {
    return new Base.Held(
        seen.state().imprint(situation.name()),
        Optional.empty(),
        seen.state().key(situation.name()),
        seen.state().policy(),
        seen.written(),
        true);
  }

  private Optional<Act> act(Won won, MemberId site, Look.Seen seen) {
    ContainerState there = seen.state();
    List<Change> requests = Change.between(there, won.state(), won.key());
    if (requests.isEmpty()) {
      return Optional.empty();
    }
    if (won.state().versioned() && !there.versioned() && there.syncTo()) {
      return Optional.of(new Act.Hold(site, SENDS));
    }
    return Optional.of(new Act.Post(site, requests, becomes(won, there.policy())));
  }

  private Act create(Won won, Base.Held made, MemberId site, boolean again) {
    Change change = Change.whole(won.state(), won.key());
    return again
        ? new Act.Undelete(site, made.policy(), change, made)
        : new Act.Create(site, made.policy(), change, made);
  }

  /** How the winner's policy is called there. */
  private String policy(Won won, MemberId site) {
    return situation.terms().policies().translated(won.state().policy(), won.site(), site);
  }

  private Base.Held becomes(Won won, String policy) {
    return new Base.Held(won.imprint(), Optional.empty(), mark(won), policy, "", true);
  }

  /** A policy is fixed when a container is made: another one is told once, and stays. */
  private void clash(Won won, MemberId site, Look.Seen seen, Outcome outcome) {
    String there = seen.state().policy();
    boolean told = agreed.held(site).filter(had -> had.policy().equals(there)).isPresent();
    if (!told && !policy(won, site).equals(there)) {
      outcome.overruled().add(Overruled.of(Sort.POLICY, won.site(), site));
    }
  }
}
