package io.cotidal.gateway.relay;

import io.cotidal.model.MemberId;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.state.Act;
import io.cotidal.objects.state.Agreed;
import io.cotidal.objects.state.Convergence;
import io.cotidal.objects.state.Decision;
import io.cotidal.objects.state.Imprint;
import io.cotidal.objects.state.Look;
import io.cotidal.objects.state.Situation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is to be done about a container that was changed at this site, from one look at all of them.
 * Decided on paper.
 *
 * @param here this site
 * @param asked whether it is known what it was here before the change
 * @param agreed what it was, or what has been agreed since; empty if it was not there
 */
record Reckoning(ContainerName name, MemberId here, boolean asked, Optional<Agreed> agreed) {
  private static final String BLIND = "nobody knows what it was here: the next comparison tells";

  /**
   * What is taken to have been agreed. Other sites had the same as this one, as far as we know:
   * what differs from that was changed there. That they had it at all is not sure, so its absence
   * is no deletion.
   */
  Optional<Agreed> assumed(Standing standing) {
    return agreed.map(known -> {
      if (!(known.form() instanceof Agreed.Form.Live live)) {
        return known;
      }
      TreeMap<MemberId, Agreed.Base> bases = new TreeMap<>(known.bases());
      for (MemberId site : standing.sites()) {
        String policy = standing.look(site) instanceof Look.Seen seen ? seen.state().policy() : "";
        bases.putIfAbsent(
            site,
            new Agreed.Base.Held(live.state(), Optional.empty(), known.key(), policy, "", false));
      }
      return new Agreed(known.form(), known.key(), bases);
    });
  }

  /** Sites where it is neither what it was, nor what it is here: somebody changed it there, too. */
  List<MemberId> beside(Standing standing) {
    Optional<Agreed> known = assumed(standing);
    Optional<Imprint> mine = imprint(standing, here);
    return standing.seen().stream()
        .filter(site -> !site.equals(here))
        .filter(site -> {
          Imprint there = imprint(standing, site).orElseThrow();
          return !had(known, site, there) && mine.filter(there::equals).isEmpty();
        })
        .toList();
  }

  private static boolean had(Optional<Agreed> known, MemberId site, Imprint there) {
    return known
        .flatMap(each -> each.base(site))
        .filter(base ->
            base instanceof Agreed.Base.Held held
                && (held.state().equals(there) || held.due().filter(there::equals).isPresent()))
        .isPresent();
  }

  private Optional<Imprint> imprint(Standing standing, MemberId site) {
    return standing.look(site) instanceof Look.Seen seen
        ? Optional.of(seen.state().imprint(name))
        : Optional.empty();
  }

  /**
   * Decides.
   *
   * @param stamps of this site's change, and of those beside it
   */
  Decision decide(Standing standing, Map<MemberId, Timestamp> stamps, Situation.Terms terms) {
    boolean gone = !(standing.look(here) instanceof Look.Seen);
    if (!asked && agreed.isEmpty() && gone && !standing.seen().isEmpty()) {
      return new Decision(List.of(new Act.Hold(here, BLIND)), List.of(), Optional.empty());
    }
    return Convergence.decide(
        new Situation(
            name,
            standing.sites(),
            standing.looks(),
            assumed(standing),
            new Situation.Hints(stamps, Map.of()),
            terms));
  }

  /** Whether nothing is left to be done, nor to be told. */
  boolean over(Standing standing, Map<MemberId, Timestamp> stamps, Situation.Terms terms) {
    Decision decision = decide(standing, stamps, terms);
    return decision.settled() && decision.overruled().isEmpty();
  }
}
