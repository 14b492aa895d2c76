package io.cotidal.objects.spec;

import java.time.Duration;
import java.util.List;

/**
 * What gateways give their clients of other sites.
 *
 * @param elsewhere objects, in containers by whose rule nothing is said
 * @param merged whether an account's list of containers is that of all sites
 * @param hosts the names by which clients reach the sites, beside those in their addresses; who
 *     comes by another name gets what the own site has: where containers have hosts of their own, a
 *     path means something else there
 * @param patience so long the own site may take to begin its answer to who only reads
 */
public record Reads(Fallback elsewhere, boolean merged, List<String> hosts, Duration patience) {
  /** So long it may take if nothing is said: as long as with any other request. */
  public static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Nothing: clients see what their own site has. */
  public static final Reads OWN = new Reads(Fallback.NEVER, false, List.of());

  /** Copies the list. */
  public Reads {
    hosts = List.copyOf(hosts);
  }

  /** With the usual patience. */
  public Reads(Fallback elsewhere, boolean merged, List<String> hosts) {
    this(elsewhere, merged, hosts, PATIENCE);
  }
}
