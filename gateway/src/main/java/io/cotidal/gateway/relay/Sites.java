package io.cotidal.gateway.relay;

import io.cotidal.model.MemberId;
import io.cotidal.objects.spec.Site;
import io.cotidal.objects.state.Policies;
import io.cotidal.objects.swift.Swift;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All sites, and the clients by which the service reaches them.
 *
 * @param here the one that the gateway stands before
 * @param clients by site, in the order of the configuration
 * @param policies what a storage policy of one is called at another
 */
public record Sites(MemberId here, Map<MemberId, Swift> clients, Policies policies) {
  /** Copies the map. */
  public Sites {
    clients = Collections.unmodifiableMap(new LinkedHashMap<>(clients));
    if (!clients.containsKey(here)) {
      throw new IllegalArgumentException("the site " + here + " is not configured");
    }
  }

  /** With the policies that the configuration names. */
  public static Sites of(MemberId here, Map<MemberId, Swift> clients, List<Site> sites) {
    return new Sites(here, clients, Policies.of(sites));
  }

  /** The client of a site that is configured. */
  Swift at(MemberId site) {
    Swift swift = clients.get(site);
    if (swift == null) {
      throw new IllegalArgumentException("the site " + site + " is not configured");
    }
    return swift;
  }

  /** The client of this site. */
  Swift own() {
    return at(here);
  }
}
