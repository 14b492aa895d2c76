package io.cotidal.gateway.relay;

import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.state.Act;
import io.cotidal.objects.state.Change;
import io.cotidal.objects.state.ContainerState;
import io.cotidal.objects.state.Look;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Sites on paper with one empty container, and a wall between them that can go up. */
final class PaperSites {
  private static final String REMOVAL = "x-remove-";

  final List<MemberId> names;
  final Map<MemberId, Timestamp> shelves = new HashMap<>();
  boolean cut;

  private final Map<MemberId, TreeMap<String, String>> containers = new LinkedHashMap<>();
  private final Map<MemberId, Long> written = new HashMap<>();
  private long writes;

  PaperSites(List<MemberId> names) {
    this.names = names;
  }

  Optional<Map<String, String>> container(MemberId site) {
    return Optional.ofNullable(containers.get(site)).map(TreeMap::new);
  }

  void put(MemberId site, Map<String, String> headers) {
    containers.computeIfAbsent(site, _ -> new TreeMap<>()).putAll(headers);
    containers.get(site).values().removeIf(String::isEmpty);
    written.put(site, ++writes);
  }

  void delete(MemberId site) {
    containers.remove(site);
    written.put(site, ++writes);
  }

  boolean reaches(MemberId from, MemberId to) {
    return !cut || from.equals(to);
  }

  Standing look(MemberId from) {
    Map<MemberId, Look> looks = new LinkedHashMap<>();
    for (MemberId site : names) {
      looks.put(site, reaches(from, site) ? there(site) : new Look.Unknown("cut off"));
    }
    return new Standing(Set.copyOf(names), names, looks, Set.of());
  }

  private Look there(MemberId site) {
    TreeMap<String, String> headers = containers.get(site);
    if (headers == null) {
      return new Look.Absent();
    }
    Map<String, String> answer = new TreeMap<>(headers);
    answer.put("x-storage-policy", "gold");
    return new Look.Seen(ContainerState.of(answer), "at " + written.get(site), 0, 0);
  }

  /** Whether it could be done. */
  boolean act(MemberId from, Act act) {
    if (!reaches(from, act.site())) {
      return false;
    }
    switch (act) {
      case Act.Create create -> change(act.site(), create.change());
      case Act.Undelete again -> change(act.site(), again.change());
      case Act.Post post -> {
        if (!containers.containsKey(act.site())) {
          return false;
        }
        post.requests().forEach(each -> change(act.site(), each));
      }
      case Act.Delete _ -> delete(act.site());
      case Act.Drain _, Act.Hold _ -> {
        return false;
      }
    }
    return true;
  }

  private void change(MemberId site, Change change) {
    TreeMap<String, String> headers = containers.computeIfAbsent(site, _ -> new TreeMap<>());
    for (Map.Entry<String, Secret> each : change.headers().entrySet()) {
      if (each.getKey().startsWith(REMOVAL)) {
        headers.remove("x-" + each.getKey().substring(REMOVAL.length()));
      } else {
        headers.put(each.getKey(), each.getValue().reveal());
      }
    }
    written.put(site, ++writes);
  }

  boolean same() {
    return names.stream().map(this::container).distinct().count() == 1;
  }
}
