package io.cotidal.objects.spec;

import java.util.List;

/**
 * What gateways give their clients of other sites.
 *
 * @param elsewhere objects, in containers by whose rule nothing is said
 * @param merged whether an account's list of containers is that of all sites
 * @param hosts the names by which clients reach the sites, beside those in their addresses; who
 *     comes by another name gets what the own site has: where containers have hosts of their own, a
 *     path means something else there
 */
public record Reads(Fallback elsewhere, boolean merged, List<String> hosts) {
  /** Nothing: clients see what their own site has. */
  public static final Reads OWN = new Reads(Fallback.NEVER, false, List.of());

  /** Copies the list. */
  public Reads {
    hosts = List.copyOf(hosts);
  }
}
