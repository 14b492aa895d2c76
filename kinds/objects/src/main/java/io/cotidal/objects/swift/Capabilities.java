package io.cotidal.objects.swift;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * What a site says that it can do.
 *
 * @param version of Swift; empty if it does not say
 * @param listing rows of a container's page, at most
 * @param largest bytes of one object, at most
 * @param policies its storage policies, the default one first
 * @param features what is in its pipeline and may be used: {@code slo}, {@code symlink}, {@code
 *     object_versioning}, {@code container_sync}
 * @param realms the clusters of each realm that it knows, in capitals, as it does
 */
public record Capabilities(
    String version,
    int listing,
    long largest,
    List<String> policies,
    Set<String> features,
    Map<String, Set<String>> realms) {
  private static final int LISTING = 10_000;
  private static final long LARGEST = 5L * 1024 * 1024 * 1024 + 2;

  /** What is assumed of a site that does not say: Swift's own limits, and no feature. */
  public static final Capabilities UNTOLD =
      new Capabilities("", LISTING, LARGEST, List.of(), Set.of(), Map.of());

  /** Copies what is in it. */
  public Capabilities {
    policies = List.copyOf(policies);
    features = Set.copyOf(features);
    realms = Map.copyOf(realms);
  }

  /** Whether that is in its pipeline. */
  public boolean has(String feature) {
    return features.contains(feature);
  }

  /** Whether the site believes what is signed for that realm. */
  public boolean knows(String realm) {
    return realms.containsKey(realm.toUpperCase(java.util.Locale.ROOT));
  }

  /** Reads the answer to {@code /info}. */
  static Capabilities of(JsonNode info) {
    JsonNode swift = info.path("swift");
    Map<String, Set<String>> realms = new TreeMap<>();
    info.path("container_sync")
        .path("realms")
        .properties()
        .forEach(realm ->
            realms.put(
                realm.getKey(), new TreeSet<>(realm.getValue().path("clusters").propertyNames())));
    return new Capabilities(
        swift.path("version").asString(""),
        Math.clamp(swift.path("container_listing_limit").asInt(LISTING), 1, 1_000_000),
        swift.path("max_file_size").asLong(LARGEST),
        policies(swift.path("policies")),
        new TreeSet<>(info.propertyNames()),
        realms);
  }

  private static List<String> policies(JsonNode list) {
    java.util.ArrayDeque<String> names = new java.util.ArrayDeque<>();
    for (JsonNode policy : list) {
      String name = policy.path("name").asString("");
      if (policy.path("default").asBoolean(false)) {
        names.addFirst(name);
      } else {
        names.addLast(name);
      }
    }
    return List.copyOf(names);
  }
}
