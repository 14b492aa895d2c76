package io.cotidal.postgres.proxies;

import io.cotidal.postgres.spec.Server;
import java.util.Map;
import java.util.SortedMap;

/** The text of the file that says where a pgbouncer's databases lead. */
final class PgBouncerFile {
  private PgBouncerFile() {}

  /**
   * Every database, led to {@code server}.
   *
   * @param lines by name of the database, what else its line says
   */
  static String text(SortedMap<String, String> lines, Server server) {
    StringBuilder text = new StringBuilder();
    text.append("; written by Cotidal, which writes it anew whenever the primary moves\n");
    text.append("[databases]\n");
    for (Map.Entry<String, String> line : lines.entrySet()) {
      text.append(line.getKey())
          .append(" = host=")
          .append(server.host())
          .append(" port=")
          .append(server.port());
      if (!line.getValue().isBlank()) {
        text.append(' ').append(line.getValue().strip());
      }
      text.append('\n');
    }
    return text.toString();
  }
}
