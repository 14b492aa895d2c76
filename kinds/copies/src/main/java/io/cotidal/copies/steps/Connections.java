package io.cotidal.copies.steps;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How many TCP connections the kernel has established, by local port: costs no server anything. */
final class Connections {
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
  private static final String ESTABLISHED = "01";

  private Connections() {}

  static Map<Integer, Integer> established() throws IOException {
    Map<Integer, Integer> counts = new HashMap<>();
    for (Path table : TABLES) {
      if (Files.exists(table)) {
        try (Stream<String> lines = Files.lines(table)) {
          lines.skip(1).forEach(line -> count(line, counts));
        }
      }
    }
    return counts;
  }

  private static void count(String line, Map<Integer, Integer> counts) {
    String[] fields = line.strip().split("\\s+");
    if (fields.length > 3 && fields[3].equals(ESTABLISHED)) {
      int port = Integer.parseInt(fields[1].substring(fields[1].lastIndexOf(':') + 1), 16);
      counts.merge(port, 1, Integer::sum);
    }
  }
}
