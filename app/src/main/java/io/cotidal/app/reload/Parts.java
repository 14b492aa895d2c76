package io.cotidal.app.reload;

import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.Explained;
import io.cotidal.app.kinds.Kinds;
import io.cotidal.model.ResourceId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A configuration, taken apart into its resources and the rest.
 *
 * @param resources what it says of each
 * @param rest keys and values of the house, and of kinds as a whole
 */
record Parts(SortedMap<ResourceId, Part> resources, SortedMap<String, String> rest) {
  private static final String DEFAULT = "default";
  private static final Pattern ITEM = Pattern.compile("^([a-z-]+)\\[([^]]+)]");

  /** What a daemon has of its own: how it reaches a member, what a secret is called here. */
  private static final Pattern OWN =
      Pattern.compile(".*(?:^|\\.)(?:driver|ssh\\.[a-z-]+|addresses\\.control)$");

  /** Makes the maps unmodifiable; the caller must not keep them. */
  Parts {
    resources = Collections.unmodifiableSortedMap(resources);
    rest = Collections.unmodifiableSortedMap(rest);
  }

  static Parts of(Configuration configuration) {
    SortedMap<ResourceId, Object> wanted = new TreeMap<>();
    Kinds.ALL.forEach(wing -> wanted.putAll(wing.wanted(configuration)));
    Map<ResourceId, Collected> collected = new TreeMap<>();
    SortedMap<String, String> rest = new TreeMap<>();
    for (Explained value : configuration.values()) {
      Optional<ResourceId> owner = owner(value.path(), wanted.keySet());
      if (owner.isPresent()) {
        String key = value.path().substring(prefix(owner.get()).length());
        collected.computeIfAbsent(owner.get(), id -> new Collected()).add(key, value);
      } else {
        rest.put(value.path(), value.value());
      }
    }
    SortedMap<ResourceId, Part> parts = new TreeMap<>();
    wanted.forEach((id, what) ->
        parts.put(id, collected.computeIfAbsent(id, each -> new Collected()).part(what)));
    return new Parts(parts, rest);
  }

  private static String prefix(ResourceId id) {
    return id.kind() + "." + id.name() + ".";
  }

  /** Names may have dots in them: the longest that fits is meant. */
  private static Optional<ResourceId> owner(String path, Set<ResourceId> ids) {
    return ids.stream()
        .filter(id -> path.startsWith(prefix(id)))
        .max((a, b) -> Integer.compare(a.name().length(), b.name().length()));
  }

  /** The values of one resource as they come. */
  private static final class Collected {
    private final SortedMap<String, String> shown = new TreeMap<>();
    private final SortedMap<String, String> shared = new TreeMap<>();
    private final Map<String, LinkedHashSet<String>> lists = new LinkedHashMap<>();

    void add(String key, Explained value) {
      shown.put(key, value.value());
      Matcher item = ITEM.matcher(key);
      if (item.find()) {
        lists.computeIfAbsent(item.group(1), list -> new LinkedHashSet<>()).add(item.group(2));
      }
      boolean common =
          !value.origin().equals(DEFAULT)
              && !value.value().startsWith("***")
              && !OWN.matcher(key).matches();
      if (common) {
        shared.put(key, value.value());
      }
    }

    /** The order of members decides between equals, so it belongs to what is compared. */
    Part part(Object wanted) {
      lists.forEach((list, items) -> {
        shown.put(list, String.join(" ", items));
        shared.put(list, String.join(" ", items));
      });
      return new Part(wanted, Collections.unmodifiableSortedMap(shown), Fingerprint.of(shared));
    }
  }
}
