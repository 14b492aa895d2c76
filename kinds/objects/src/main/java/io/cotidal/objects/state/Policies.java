package io.cotidal.objects.state;

import io.cotidal.model.MemberId;
import io.cotidal.objects.spec.Site;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a storage policy of one site is called at another.
 *
 * @param here for each site, its own names by those that other sites have for them
 */
public record Policies(SortedMap<MemberId, Map<String, String>> here) {
  /** Copies the maps. */
  public Policies {
    TreeMap<MemberId, Map<String, String>> copy = new TreeMap<>();
    here.forEach((site, names) -> copy.put(site, Map.copyOf(names)));
    here = copy;
  }

  /** As the configuration says. */
  public static Policies of(List<Site> sites) {
    TreeMap<MemberId, Map<String, String>> here = new TreeMap<>();
    sites.forEach(site -> here.put(site.member(), site.policies()));
    return new Policies(here);
  }

  /** How {@code policy} of {@code from} is called at {@code to}. */
  public String translated(String policy, MemberId from, MemberId to) {
    Map<String, String> there = here.getOrDefault(to, Map.of());
    String direct = there.get(policy);
    if (direct != null) {
      return direct;
    }
    return new TreeMap<>(here.getOrDefault(from, Map.of()))
        .entrySet().stream()
            .filter(each -> each.getValue().equals(policy))
            .map(each -> there.getOrDefault(each.getKey(), each.getKey()))
            .findFirst()
            .orElse(policy);
  }
}
