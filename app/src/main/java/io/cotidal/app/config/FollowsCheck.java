package io.cotidal.app.config;

import io.cotidal.model.MemberId;
import io.cotidal.postgres.spec.Server;
import io.cotidal.postgres.spec.Standing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Whether members can follow whom they say: another one of the cluster, nobody in a circle, and
 * enough of them the primary itself, whoever that is, for the quorum.
 */
final class FollowsCheck {
  private final Map<String, String> follows = new LinkedHashMap<>();
  private final Map<String, Section> places = new HashMap<>();
  private boolean sound;

  /** What stands in a member's section. */
  Optional<MemberId> read(Section item, Optional<String> name) {
    if (!item.has("follows")) {
      item.get("follows", Forms.name(), Value.standard("", "(the primary)"));
      return Optional.empty();
    }
    Optional<String> upstream = item.need("follows", Forms.name(), Optional.empty(), "");
    if (name.isPresent() && upstream.isPresent()) {
      follows.put(name.get(), upstream.get());
      places.put(name.get(), item);
    }
    return upstream.map(MemberId::new);
  }

  /** Reports who follows nobody of {@code servers}, or himself in the end. */
  void people(List<Server> servers) {
    List<String> names = servers.stream().map(server -> server.id().name()).toList();
    sound = true;
    follows.forEach((name, upstream) -> {
      Section item = Objects.requireNonNull(places.get(name));
      if (upstream.equals(name)) {
        wrong(item, name + " would follow itself", "name another member");
      } else if (!names.contains(upstream)) {
        wrong(item, "no member is named '" + upstream + "'", "name one of " + others(names, name));
      } else if (inCircle(name)) {
        wrong(
            item,
            name + " would follow itself by way of " + upstream,
            "let one of the circle follow nobody");
      }
    });
  }

  private void wrong(Section item, String reason, String remedy) {
    item.problem("follows", reason, remedy);
    sound = false;
  }

  private static String others(List<String> names, String name) {
    return String.join(", ", names.stream().filter(each -> !each.equals(name)).toList());
  }

  private boolean inCircle(String name) {
    List<String> passed = new ArrayList<>();
    String at = follows.get(name);
    while (at != null && !passed.contains(at)) {
      if (at.equals(name)) {
        return true;
      }
      passed.add(at);
      at = follows.get(at);
    }
    return false;
  }

  /**
   * Reports a quorum that cannot be met: only those who stream from the primary itself confirm a
   * commit to it.
   */
  void quorum(
      Section cluster, List<Server> servers, SortedMap<MemberId, Standing> standings, int quorum) {
    if (follows.isEmpty() || !sound || servers.size() <= quorum) {
      return;
    }
    for (Server primary : servers) {
      boolean may = !standings.getOrDefault(primary.id(), Standing.PLAIN).never();
      List<String> direct =
          servers.stream()
              .filter(server -> !server.equals(primary))
              .map(server -> server.id().name())
              .filter(name ->
                  !follows.containsKey(name) || primary.id().name().equals(follows.get(name)))
              .toList();
      if (may && direct.size() < quorum) {
        cluster.problem(
            "quorum",
            quorum
                + " cannot be met while "
                + primary.id()
                + " is primary: "
                + (direct.isEmpty() ? "nobody" : "only " + String.join(", ", direct))
                + " would stream from it, and who follows another member confirms nothing to it",
            "write less, or let more members follow nobody");
        return;
      }
    }
  }
}
