package io.cotidal.postgres.compat;

import io.cotidal.postgres.compat.HandyrepKey.Fate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Collects what does not carry over: a line a key, however many servers have it. No values. */
final class AdoptionReport {
  private static final Set<String> SECTIONS =
      Set.of(
          "handyrep",
          "passwords",
          "failover",
          "extra_failover_commands",
          "archive",
          "server_defaults",
          "servers",
          "plugins");

  private static final int LONGEST_NAME = 60;

  private final Map<String, String> lines = new TreeMap<>();

  /** One finding; the first of a place stays. */
  void line(String place, String reason, String remedy) {
    lines.putIfAbsent(place, reason + "; " + remedy);
  }

  /** Everything in both files but the servers themselves. */
  void sections(Foreign.Group configuration, Foreign.Group saved) {
    configuration.entries().forEach((name, value) -> section(name, value));
    saved
        .entries()
        .keySet()
        .forEach(name -> {
          if (name.equals("status")) {
            line("status", "it is the state of a moment", "Cotidal looks for itself");
          } else if (!name.equals("servers")) {
            unknown(shown(name));
          }
        });
    if (!saved.entries().isEmpty() && !configuration.group("servers").entries().isEmpty()) {
      line("servers", "those of servers.save are taken, which is newer", "compare the two files");
    }
  }

  private void section(String name, Foreign value) {
    if (!SECTIONS.contains(name) || !(value instanceof Foreign.Group group)) {
      unknown(shown(name));
      return;
    }
    switch (name) {
      case "servers" -> {}
      case "server_defaults" -> keys("servers", "server_defaults", group);
      case "extra_failover_commands" ->
          group
              .entries()
              .keySet()
              .forEach(each ->
                  line(
                      name + "." + shown(each),
                      "Python plug-ins are not run",
                      "write a plug-in with hook: after-failover, see docs/plugins.md"));
      case "plugins" ->
          group
              .entries()
              .keySet()
              .forEach(each ->
                  line(
                      name + "." + shown(each),
                      "Python plug-ins are not run, nor configured",
                      "docs/handyrep.md says what does its work"));
      default -> keys(name, name, group);
    }
  }

  /** The keys of one server. */
  void server(Foreign.Group written) {
    keys("servers", "servers.*", written);
  }

  private void keys(String section, String place, Foreign.Group group) {
    for (String key : group.entries().keySet()) {
      Optional<HandyrepKey> known = HandyrepKeys.find(section, key);
      if (known.isEmpty()) {
        unknown(place + "." + shown(key));
      } else if (known.get().fate() instanceof Fate.Named named) {
        line(place + "." + key, named.reason(), named.remedy());
      }
    }
  }

  private void unknown(String place) {
    line(
        place,
        "it is no key of HandyRep's own, or one of a plug-in's",
        "see whether anything still needs it");
  }

  /** Names come from the file too. */
  private static String shown(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9._-]", "?");
    return plain.length() > LONGEST_NAME ? plain.substring(0, LONGEST_NAME) + "…" : plain;
  }

  List<String> lines() {
    List<String> all = new ArrayList<>();
    lines.forEach((place, sentence) -> all.add(place + ": " + sentence));
    return all;
  }
}
