package io.cotidal.objects.state;

import io.cotidal.model.MemberId;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.state.Agreed.Form;
import io.cotidal.objects.state.Overruled.Sort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which site's state wins: that which was changed since the site was last known. If several were,
 * or one that had not come to what was agreed, then the one that a gateway stamped last, else the
 * earliest in the order of the configuration.
 */
final class Contest {
  private final Situation situation;
  private final Agreed agreed;
  private final List<MemberId> present;

  Contest(Situation situation, Agreed agreed, List<MemberId> present) {
    this.situation = situation;
    this.agreed = agreed;
    this.present = present;
  }

  /** The winner; empty if the site that has what was agreed cannot be read now. */
  Optional<MemberId> winner(Living.Outcome outcome) {
    List<MemberId> contenders = outcome.contenders().orElseGet(() -> contenders(outcome));
    if (contenders.isEmpty()) {
      return Optional.empty();
    }
    Map<MemberId, Timestamp> stamps = situation.hints().stamps();
    Comparator<MemberId> order =
        Comparator.<MemberId, Timestamp>comparing(
                site -> stamps.getOrDefault(site, Timestamp.NEVER), Comparator.reverseOrder())
            .thenComparingInt(situation.placed()::indexOf);
    MemberId winner = contenders.stream().min(order).orElseThrow();
    Imprint won = imprint(winner);
    for (MemberId site : contenders) {
      if (!imprint(site).equals(won)) {
        lost(outcome, winner, site, imprint(site));
      }
    }
    return Optional.of(winner);
  }

  private List<MemberId> contenders(Living.Outcome outcome) {
    List<MemberId> holders = holding();
    List<MemberId> changed = present.stream().filter(this::changed).toList();
    List<MemberId> keeping = present.stream().filter(this::keeps).limit(1).toList();
    if (holders.isEmpty() && keeping.isEmpty()) {
      return changed.isEmpty() ? present : changed;
    }
    if (changed.isEmpty()) {
      return keeping;
    }
    if (holders.containsAll(changed)) {
      return changed;
    }
    // Somebody changed what had been changed elsewhere meanwhile: both are heard.
    List<MemberId> both = new ArrayList<>(changed);
    both.addAll(keeping);
    if (keeping.isEmpty() && holders.stream().noneMatch(changed::contains)) {
      unheard(outcome, changed.getFirst(), holders.getFirst());
    }
    return both;
  }

  /** What was agreed is nowhere but at a site that cannot be read: the others go on without it. */
  private void unheard(Living.Outcome outcome, MemberId winner, MemberId holder) {
    if (agreed.form() instanceof Form.Live live && !live.state().equals(imprint(winner))) {
      lost(outcome, winner, holder, live.state());
    }
  }

  private void lost(Living.Outcome outcome, MemberId winner, MemberId site, Imprint what) {
    outcome
        .overruled()
        .add(
            new Overruled(
                Sort.STATE, winner, site, Optional.of(imprint(winner)), Optional.of(what)));
  }

  /** The sites that are known to have had what was agreed. */
  private List<MemberId> holding() {
    return situation.placed().stream()
        .filter(site ->
            agreed.form() instanceof Form.Live live
                && agreed.had(site)
                && agreed.held(site).filter(had -> had.state().equals(live.state())).isPresent())
        .toList();
  }

  /** Their names. */
  String holders() {
    return holding().stream().map(MemberId::name).collect(Collectors.joining(", "));
  }

  private boolean changed(MemberId site) {
    return agreed.changed(site, imprint(site));
  }

  /** Whether it has what was agreed, whoever brought it there. */
  private boolean keeps(MemberId site) {
    return agreed.form() instanceof Form.Live live
        && !changed(site)
        && live.state().equals(imprint(site));
  }

  private Imprint imprint(MemberId site) {
    return Living.seen(situation, site).state().imprint(situation.name());
  }
}
