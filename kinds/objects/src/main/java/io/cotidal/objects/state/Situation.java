package io.cotidal.objects.state;

import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.Timestamp;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that a decision about one container rests on.
 *
 * @param name of the container
 * @param placed the sites where it is to be, in the order of the configuration; while it moves,
 *     those that it leaves too
 * @param looks at those; a missing one is unknown
 * @param agreed what was agreed last; empty if nothing ever was
 * @param hints what else is known
 * @param terms what holds for all containers
 */
public record Situation(
    ContainerName name,
    List<MemberId> placed,
    Map<MemberId, Look> looks,
    Optional<Agreed> agreed,
    Hints hints,
    Terms terms) {
  /** Copies the collections. */
  public Situation {
    placed = List.copyOf(placed);
    looks = Map.copyOf(looks);
  }

  Look look(MemberId site) {
    return looks.getOrDefault(site, new Look.Unknown("it was not looked at"));
  }

  /**
   * What somebody else knows.
   *
   * @param stamps when a gateway last let a client change the container's state through a site, by
   *     the gateways' common clock; later ones win
   * @param contents of sites where it is, if it was deleted elsewhere
   */
  public record Hints(Map<MemberId, Timestamp> stamps, Map<MemberId, Contents> contents) {
    /** Nobody knows anything. */
    public static final Hints NONE = new Hints(Map.of(), Map.of());

    /** Copies the maps. */
    public Hints {
      stamps = Map.copyOf(stamps);
      contents = Map.copyOf(contents);
    }
  }

  /**
   * What holds for all containers.
   *
   * @param now our time
   * @param tombstones for so long at least a deletion is remembered
   * @param key a sync key that nobody has used yet, for a container that has none
   */
  public record Terms(Timestamp now, Duration tombstones, Secret key, Policies policies) {}
}
