package io.cotidal.copies.servers.docker;

import io.cotidal.model.Details;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The labels of a container: those by which its owner finds it again, and those that the original's
 * tools read. The original also wrote the password on a label; nobody does here.
 */
final class Labels {
  /** Whose container it is. */
  static final String OWNER = "io.cotidal.owner";

  /** Id of the place that it serves. */
  static final String PLACE = "io.cotidal.place";

  private static final String OURS = "io.cotidal.";
  private static final String ORIGINAL = "com.myaas.";
  private static final Set<String> OF_THE_ORIGINAL =
      Set.of("provider", "is_template", "template", "instance", "username", "expiresAt");

  private Labels() {}

  /** What all containers of an owner bear. */
  static SortedMap<String, String> owned(String owner) {
    return new TreeMap<>(java.util.Map.of(OWNER, owner));
  }

  /**
   * The labels of one container. Entries that the original knew keep its names, others get ours.
   *
   * @throws IllegalArgumentException if an entry's name speaks of a password: a label is no place
   *     for one
   */
  static SortedMap<String, String> of(String owner, String place, Details details) {
    TreeMap<String, String> labels = new TreeMap<>();
    labels.put(ORIGINAL + "is_template", "False");
    details
        .entries()
        .forEach((name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (lower.contains("password") || lower.contains("secret")) {
            throw new IllegalArgumentException("label " + name + ": no secret goes on a label");
          }
          labels.put((OF_THE_ORIGINAL.contains(name) ? ORIGINAL : OURS) + name, value);
        });
    labels.put(OWNER, owner);
    labels.put(PLACE, place);
    return labels;
  }
}
