package io.cotidal.app.config;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Finds members that would be one another: the same name in a cluster, or, anywhere, the same
 * address or folder.
 */
final class Clashes {
  private final Map<String, Section> names = new HashMap<>();
  private final Map<String, Section> addresses = new HashMap<>();
  private final Map<Folder, Section> folders = new LinkedHashMap<>();

  /** A folder of one machine; the empty word is the one that we run on. */
  private record Folder(String machine, Path path) {}

  /** Reports a second member of that name in {@code cluster}. */
  void name(Section cluster, Section member, String name) {
    Section other = names.putIfAbsent(cluster.path(name), member);
    if (other != null) {
      member.problem(
          "name",
          "'" + name + "' is the name of another member (line " + other.place("name").line() + ")",
          "give each member of a cluster its own name");
    }
  }

  /** Reports a second server at that address. */
  void address(Section member, String host, int port) {
    String key =
        (host.equals("localhost") ? "127.0.0.1" : host.toLowerCase(Locale.ROOT)) + " " + port;
    Section other = addresses.putIfAbsent(key, member);
    if (other != null) {
      member.problem(
          "port",
          host
              + ":"
              + port
              + " is the address of another member too (line "
              + other.place().line()
              + ")",
          "give each member its own host or port");
    }
  }

  /** Reports a folder that another server uses, lies in, or has its gate's files in. */
  void data(Section member, String machine, Path data) {
    for (Map.Entry<Folder, Section> each : folders.entrySet()) {
      Path other = each.getKey().path();
      boolean overlaps =
          data.startsWith(other)
              || other.startsWith(data)
              || data.equals(gate(other))
              || other.equals(gate(data));
      if (overlaps && each.getKey().machine().equals(machine)) {
        member.problem(
            "data",
            data
                + " is, or overlaps with, another member's folder (line "
                + each.getValue().place("data").line()
                + ")",
            "give each member a folder of its own");
        return;
      }
    }
    folders.put(new Folder(machine, data), member);
  }

  private static Path gate(Path data) {
    return data.resolveSibling(data.getFileName() + ".gate");
  }
}
