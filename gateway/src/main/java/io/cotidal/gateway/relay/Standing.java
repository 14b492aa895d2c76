package io.cotidal.gateway.relay;

import io.cotidal.model.MemberId;
import io.cotidal.objects.state.Act;
import io.cotidal.objects.state.Look;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a container stands.
 *
 * @param placed where it is to be
 * @param sites those, and where else it is; in the order of the configuration
 * @param looks at {@code sites}
 * @param silent sites of these that are in trouble themselves
 */
record Standing(
    Set<MemberId> placed, List<MemberId> sites, Map<MemberId, Look> looks, Set<MemberId> silent) {
  /** Copies the collections. */
  Standing {
    placed = Set.copyOf(placed);
    sites = List.copyOf(sites);
    looks = Map.copyOf(looks);
    silent = Set.copyOf(silent);
  }

  Look look(MemberId site) {
    return looks.getOrDefault(site, new Look.Unknown("it was not looked at"));
  }

  List<MemberId> seen() {
    return sites.stream().filter(site -> look(site) instanceof Look.Seen).toList();
  }

  /** Whether a container is there as it was seen. What is in it does not matter. */
  boolean still(MemberId site, Look now) {
    return switch (look(site)) {
      case Look.Seen seen -> now instanceof Look.Seen other && other.state().equals(seen.state());
      case Look.Absent _ -> now instanceof Look.Absent;
      case Look.Unknown _ -> false;
    };
  }

  /**
   * Whether what a site has answered to an act tells how the container is there from then on. Who
   * has made one knows what it is, and who has deleted one. Who has changed one does not: others
   * may have changed it since it was looked at. At this site that is so of a first sync key alone,
   * which follows from nothing that was seen elsewhere.
   *
   * @param here this site
   * @param made whether there was none before; of an act that makes one
   */
  boolean tells(MemberId here, Act done, boolean made) {
    boolean own = done.site().equals(here);
    return switch (done) {
      case Act.Create _, Act.Undelete _ -> made && !own;
      case Act.Post post -> own && post.keyOnly() && seen().equals(List.of(here));
      case Act.Delete _ -> !own;
      case Act.Drain _, Act.Hold _ -> false;
    };
  }

  /** The same after an act that its site has acknowledged. */
  Standing after(Act done) {
    return with(done.site(), done.outcome(look(done.site())));
  }

  /** The same with another look at one of them. */
  Standing with(MemberId site, Look look) {
    Map<MemberId, Look> other = new HashMap<>(looks);
    other.put(site, look);
    return new Standing(placed, sites, other, silent);
  }

  /** The same, but that nobody knows how it is at these. */
  Standing without(Map<MemberId, String> doubtful) {
    if (doubtful.isEmpty()) {
      return this;
    }
    Map<MemberId, Look> less = new HashMap<>(looks);
    doubtful.forEach((site, reason) -> less.put(site, new Look.Unknown(reason)));
    return new Standing(placed, sites, less, silent);
  }
}
