package io.cotidal.lab.swift;

import io.cotidal.model.Secret;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The clusters that may copy objects to each other, as {@code container-sync-realms.conf} has them.
 *
 * @param name Swift looks for it in capitals
 * @param key what requests between clusters are signed with
 * @param second another key that is taken as well
 * @param clusters where a cluster is reached, if not at the proxy of the site of that name: by
 *     name, the address that ends in {@code /v1/}
 */
public record SwiftRealm(
    String name, Secret key, Optional<Secret> second, Map<String, URI> clusters) {
  /** Copies the map. */
  public SwiftRealm {
    clusters = Map.copyOf(clusters);
  }

  /** With one key, and the sites that are started with it. */
  public static SwiftRealm of(String name, String key) {
    return new SwiftRealm(name, new Secret(key), Optional.empty(), Map.of());
  }

  /** With a cluster that is reached elsewhere, say behind a proxy. */
  public SwiftRealm cluster(String cluster, URI address) {
    Map<String, URI> more = new TreeMap<>(clusters);
    more.put(cluster, address);
    return new SwiftRealm(name, key, second, more);
  }

  /** With a second key. */
  public SwiftRealm alsoTaking(String other) {
    return new SwiftRealm(name, key, Optional.of(new Secret(other)), clusters);
  }
}
