package io.cotidal.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** How often each member was promoted so far, by its own log. */
record Promotions(Map<String, Long> byMember) {
  private static final String LINE = "received promote request";

  static Promotions count(ClusterLab lab) throws IOException {
    Map<String, Long> counts = new TreeMap<>();
    for (var member : lab.cluster().members()) {
      Path data = lab.cluster().data(member.member());
      try (Stream<String> lines =
          Files.lines(
              data.resolveSibling(data.getFileName() + ".log"),
              java.nio.charset.StandardCharsets.ISO_8859_1)) {
        counts.put(member.member(), lines.filter(line -> line.contains(LINE)).count());
      }
    }
    return new Promotions(counts);
  }

  /** What was added since {@code earlier}; members without a promotion are left out. */
  Map<String, Long> since(Promotions earlier) {
    Map<String, Long> added = new TreeMap<>();
    byMember.forEach((member, count) -> {
      long more = count - earlier.byMember().getOrDefault(member, 0L);
      if (more != 0) {
        added.put(member, more);
      }
    });
    return added;
  }
}
