package io.cotidal.objects.placement;

import io.cotidal.objects.names.ContainerName;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a rule may ask of a container.
 *
 * @param name of it
 * @param policy its storage policy, as it is called at the site that has the container
 * @param headers of it, by name in any case
 */
public record Subject(ContainerName name, String policy, SortedMap<String, String> headers) {
  /** Copies the map, names in lower case. */
  public Subject {
    TreeMap<String, String> lower = new TreeMap<>();
    headers.forEach((header, value) -> lower.put(header.toLowerCase(Locale.ROOT), value));
    headers = Collections.unmodifiableSortedMap(lower);
  }

  /** One of which a rule can ask no more than its name. */
  public static Subject named(ContainerName name) {
    return new Subject(name, "", new TreeMap<>(Map.of()));
  }
}
