package io.cotidal.objects.state;

import io.cotidal.model.Secret;
import io.cotidal.objects.names.ContainerName;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a container is, beside its objects, at one site. Values are secrets all alike: a key of
 * temporary URLs is metadata as any other. Prints nothing but names.
 *
 * @param policy how its storage policy is called there; fixed when it is made
 * @param headers those that are to be the same everywhere, by name in lower case: metadata with
 *     quotas, web and cross-origin settings, access lists, the older places of versions
 * @param versioned whether versions of objects are kept, in the newer way
 * @param syncKey the container's own secret, by which signed writes are believed
 * @param syncTo whether Swift's own synchronisation sends it somewhere: that site's own affair, but
 *     versions cannot be switched on meanwhile
 */
public record ContainerState(
    String policy,
    SortedMap<String, Secret> headers,
    boolean versioned,
    Optional<Secret> syncKey,
    boolean syncTo) {
  private static final Set<String> TRUE = Set.of("true", "1", "yes", "on", "t", "y");

  /** Copies the map. */
  public ContainerState {
    headers = Collections.unmodifiableSortedMap(new TreeMap<>(headers));
  }

  /**
   * What the answer to HEAD says, asked for by an identity that owns the container: others are not
   * shown access lists and keys, and their answer would read as if there were none.
   *
   * @param answer all headers, names in any case; an empty value is no value
   */
  public static ContainerState of(Map<String, String> answer) {
    TreeMap<String, String> all = new TreeMap<>();
    answer.forEach((name, value) -> {
      if (!value.isEmpty()) {
        all.put(Headers.name(name), value);
      }
    });
    TreeMap<String, Secret> headers = new TreeMap<>();
    all.forEach((name, value) -> {
      if (Headers.state(name)) {
        headers.put(name, new Secret(value));
      }
    });
    String versions = all.getOrDefault(Headers.VERSIONS, "").strip().toLowerCase(Locale.ROOT);
    return new ContainerState(
        all.getOrDefault(Headers.POLICY, ""),
        headers,
        TRUE.contains(versions),
        Optional.ofNullable(all.get(Headers.SYNC_KEY)).map(Secret::new),
        all.containsKey(Headers.SYNC_TO));
  }

  /**
   * What of it is to be the same everywhere, fit to be kept and shown. Without the policy, which
   * each site has its own names for, and without the sync key, which {@link #key} stands for.
   */
  public Imprint imprint(ContainerName container) {
    TreeMap<String, String> shown = new TreeMap<>();
    headers.forEach((name, value) ->
        shown.put(
            name, Headers.secret(name) ? Imprint.of(container, name, value) : value.reveal()));
    if (versioned) {
      shown.put(Headers.VERSIONS, "true");
    }
    return new Imprint(shown);
  }

  /** What stands for the sync key; empty if there is none. */
  public String key(ContainerName container) {
    return syncKey.map(key -> Imprint.of(container, Headers.SYNC_KEY, key)).orElse("");
  }

  /** A new one with nothing in its state but the policy. */
  static ContainerState plain(String policy) {
    return new ContainerState(policy, new TreeMap<>(), false, Optional.empty(), false);
  }

  /** What a request makes of it, if the site does as it is asked. */
  ContainerState after(Change change) {
    TreeMap<String, Secret> next = new TreeMap<>(headers);
    change.removed().forEach(next::remove);
    if (change.set().keySet().stream().anyMatch(Headers::location)) {
      // What is set takes the other one's place.
      next.keySet().removeIf(Headers::location);
    }
    change
        .set()
        .forEach((name, value) -> {
          if (Headers.state(name)) {
            next.put(name, value);
          }
        });
    Optional<Secret> key = Optional.ofNullable(change.set().get(Headers.SYNC_KEY));
    Optional<Secret> flag = Optional.ofNullable(change.set().get(Headers.VERSIONS));
    return new ContainerState(
        policy,
        next,
        flag.map(value -> value.reveal().equals("true")).orElse(versioned),
        key.or(() -> syncKey),
        syncTo);
  }

  @Override
  public String toString() {
    return "policy %s, %s%s%s"
        .formatted(
            policy,
            headers.keySet(),
            versioned ? ", versioned" : "",
            syncKey.isPresent() ? ", with a sync key" : "");
  }

  /** Whether it keeps versions in the oldest way, in another container. */
  public boolean archived() {
    return headers.keySet().stream().anyMatch(Headers::location);
  }
}
