package io.cotidal.objects.steps;

import io.cotidal.model.MemberId;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.state.Look;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a container stands at all sites that it concerns.
 *
 * @param sites where it is to be, and where it is, in the order of the configuration
 * @param placed where it is to be
 * @param looks at {@code sites}
 */
record Standing(
    ContainerName name, List<MemberId> sites, Set<MemberId> placed, Map<MemberId, Look> looks) {
  /** Copies the collections. */
  Standing {
    sites = List.copyOf(sites);
    placed = Set.copyOf(placed);
    looks = Map.copyOf(looks);
  }

  /** Sites that could not be read. */
  List<MemberId> unread() {
    return sites.stream().filter(site -> looks.get(site) instanceof Look.Unknown).toList();
  }

  /** Why a site could not be read; empty if it could. */
  String reason(MemberId site) {
    return looks.get(site) instanceof Look.Unknown unknown ? unknown.reason() : "";
  }

  /** Sites where it is. */
  List<MemberId> present() {
    return sites.stream().filter(site -> looks.get(site) instanceof Look.Seen).toList();
  }

  /** Sites where it is not. */
  List<MemberId> absent() {
    return sites.stream().filter(site -> looks.get(site) instanceof Look.Absent).toList();
  }

  /** Sites where it is, and is not to be. */
  List<MemberId> left() {
    return present().stream().filter(site -> !placed.contains(site)).toList();
  }

  /** How many objects are where most are. */
  long objects() {
    return looks.values().stream()
        .mapToLong(look -> look instanceof Look.Seen seen ? seen.objects() : 0)
        .max()
        .orElse(0);
  }

  /** How many bytes are where most are. */
  long bytes() {
    return looks.values().stream()
        .mapToLong(look -> look instanceof Look.Seen seen ? seen.bytes() : 0)
        .max()
        .orElse(0);
  }
}
