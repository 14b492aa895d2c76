package io.cotidal.objects.state;

import io.cotidal.model.MemberId;
import io.cotidal.objects.state.Agreed.Base;
import io.cotidal.objects.state.Agreed.Form;
import io.cotidal.objects.state.Overruled.Sort;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Decides whether a container is to be there, and how it comes to be so at every site.
 *
 * <p>An absence is a deletion only where the container was known to be, and only if nobody wrote to
 * it elsewhere since: neither to the container nor to an object in it. Otherwise the write holds,
 * and the container is made again. What was deleted is remembered until every site has confirmed
 * it, and for a while beyond. A site that cannot be read says nothing: the others come to the same
 * without it, and it follows later.
 */
public final class Convergence {
  private static final String NOT_COMPARED =
      "it was deleted elsewhere, and its objects have not been compared yet";

  private final Situation situation;
  private final List<MemberId> present = new ArrayList<>();
  private final List<MemberId> absent = new ArrayList<>();
  private final List<Act> holds = new ArrayList<>();
  private final List<Overruled> overruled = new ArrayList<>();

  private Convergence(Situation situation) {
    this.situation = situation;
    for (MemberId site : situation.placed()) {
      switch (situation.look(site)) {
        case Look.Seen _ -> present.add(site);
        case Look.Absent _ -> absent.add(site);
        case Look.Unknown unknown -> holds.add(new Act.Hold(site, unknown.reason()));
      }
    }
  }

  /** What is to be done; the same for the same situation. */
  public static Decision decide(Situation situation) {
    return new Convergence(situation).decision();
  }

  private Decision decision() {
    Optional<Agreed> known =
        situation.agreed().map(agreed -> agreed.only(situation.placed()::contains));
    if (known.isEmpty() && present.isEmpty()) {
      return new Decision(holds, overruled, Optional.empty());
    }
    Agreed agreed =
        known.orElseGet(() -> new Agreed(new Form.Live(Imprint.EMPTY), "", new TreeMap<>()));
    if (agreed.form() instanceof Form.Tombstone tombstone) {
      return buried(agreed, tombstone);
    }
    List<MemberId> deleted = absent.stream().filter(agreed::had).toList();
    if (!deleted.isEmpty()) {
      return deletion(agreed, deleted);
    }
    return present.isEmpty()
        ? new Decision(holds, overruled, Optional.of(agreed))
        : new Living(situation, agreed).decide(outcome());
  }

  private Living.Outcome outcome() {
    return new Living.Outcome(holds, overruled, new TreeSet<>(), Optional.empty());
  }

  private Decision deletion(Agreed agreed, List<MemberId> deleted) {
    List<MemberId> rivals = rivals(agreed);
    if (rivals.isEmpty()) {
      List<MemberId> open = present.stream().filter(this::notCompared).toList();
      if (!open.isEmpty()) {
        open.forEach(site -> holds.add(new Act.Hold(site, NOT_COMPARED)));
        return new Decision(holds, overruled, Optional.of(agreed));
      }
      Form.Tombstone tombstone = new Form.Tombstone(situation.terms().now());
      return buried(new Agreed(tombstone, agreed.key(), agreed.bases()), tombstone);
    }
    Agreed still = agreed;
    for (MemberId site : deleted) {
      overruled.add(Overruled.of(Sort.DELETION, rivals.getFirst(), site));
      still = still.without(site);
    }
    return new Living(situation, still)
        .decide(new Living.Outcome(holds, overruled, new TreeSet<>(deleted), Optional.empty()));
  }

  /** Carries a deletion on, unless somebody wrote in spite of it. */
  private Decision buried(Agreed agreed, Form.Tombstone tombstone) {
    List<MemberId> rivals = rivals(agreed);
    Agreed next = agreed;
    for (MemberId site : absent) {
      next = next.with(site, new Base.Gone());
    }
    if (!rivals.isEmpty()) {
      return reborn(next, rivals);
    }
    List<Act> acts = new ArrayList<>();
    for (MemberId site : present) {
      acts.add(withdrawn(site));
    }
    acts.addAll(holds);
    return new Decision(
        acts, overruled, forgotten(next, tombstone) ? Optional.empty() : Optional.of(next));
  }

  private Decision reborn(Agreed agreed, List<MemberId> rivals) {
    List<MemberId> gone =
        situation.placed().stream()
            .filter(site -> agreed.base(site).orElse(null) instanceof Base.Gone)
            .toList();
    Optional<MemberId> wrote =
        rivals.stream().filter(site -> agreed.held(site).isPresent()).findFirst();
    TreeSet<MemberId> revived = new TreeSet<>();
    wrote.ifPresent(winner -> {
      gone.forEach(site -> overruled.add(Overruled.of(Sort.DELETION, winner, site)));
      revived.addAll(gone);
    });
    Agreed anew =
        new Agreed(new Form.Live(Imprint.EMPTY), agreed.key(), agreed.bases())
            .only(site -> !gone.contains(site))
            .unsure();
    return new Living(situation, anew)
        .decide(new Living.Outcome(holds, overruled, revived, Optional.of(rivals)));
  }

  /** Sites where somebody wrote since the deletion, or beside it. */
  private List<MemberId> rivals(Agreed agreed) {
    return present.stream().filter(site -> fresh(site) || wrote(agreed, site)).toList();
  }

  private boolean wrote(Agreed agreed, MemberId site) {
    Look.Seen seen = Living.seen(situation, site);
    return agreed.changed(site, seen.state().imprint(situation.name()))
        || agreed
            .held(site)
            .filter(had -> !had.written().isEmpty() && !had.written().equals(seen.written()))
            .isPresent();
  }

  private Optional<Contents> contents(MemberId site) {
    Map<MemberId, Contents> known = situation.hints().contents();
    return Optional.ofNullable(known.get(site));
  }

  private boolean fresh(MemberId site) {
    return contents(site).filter(each -> each.fresh() > 0).isPresent();
  }

  private boolean notCompared(MemberId site) {
    return contents(site).isEmpty() && !Living.seen(situation, site).empty();
  }

  private Act withdrawn(MemberId site) {
    if (notCompared(site)) {
      return new Act.Hold(site, NOT_COMPARED);
    }
    long stale = contents(site).map(Contents::stale).orElse(0L);
    return stale > 0 ? new Act.Drain(site, stale) : new Act.Delete(site);
  }

  private boolean forgotten(Agreed agreed, Form.Tombstone tombstone) {
    Instant until = tombstone.at().instant().plus(situation.terms().tombstones());
    return !situation.terms().now().instant().isBefore(until)
        && situation.placed().stream()
            .allMatch(site -> agreed.base(site).orElse(null) instanceof Base.Gone);
  }
}
