package io.cotidal.postgres.observe;

import io.cotidal.model.Details;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a plug-in says of how far a replica is, beside what its server says. For people and metrics:
 * nothing is decided by it.
 *
 * @param plugin its name
 * @param said {@link #POSITION}, {@link #LAG_BYTES} and {@link #LAG_SECONDS}, as far as it said
 *     them; empty if it is not known
 * @param problem why it is not known; empty if it is
 */
public record Told(String plugin, Details said, String problem) {
  /** How far it has received the log, as PostgreSQL writes it. */
  public static final String POSITION = "receive-position";

  /** How much it is behind, in bytes. */
  public static final String LAG_BYTES = "lag-bytes";

  /** How long it is behind, in seconds. */
  public static final String LAG_SECONDS = "lag-seconds";

  private static final String REPORTED = "reported-";
  private static final Pattern LSN = Pattern.compile("[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}");
  private static final Pattern COUNT = Pattern.compile("[0-9]{1,18}");
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");

  /** Nobody knows. */
  public static Told unknown(String plugin, String problem) {
    return new Told(plugin, Details.NONE, problem);
  }

  /** Reads a plug-in's yes; what is no measure makes all of it unknown. */
  public static Told of(String plugin, Details answer) {
    Details said = Details.NONE;
    for (String name : new String[] {POSITION, LAG_BYTES, LAG_SECONDS}) {
      Optional<String> value = answer.find(name);
      if (value.isPresent() && !form(name).matcher(value.get()).matches()) {
        return unknown(plugin, "its " + name + " is none");
      }
      said = value.isPresent() ? said.with(name, value.get()) : said;
    }
    return said.entries().isEmpty()
        ? unknown(plugin, "it says none of " + POSITION + ", " + LAG_BYTES + ", " + LAG_SECONDS)
        : new Told(plugin, said, "");
  }

  private static Pattern form(String name) {
    return switch (name) {
      case POSITION -> LSN;
      case LAG_BYTES -> COUNT;
      default -> SECONDS;
    };
  }

  /** Columns of the member. */
  public Details columns() {
    if (!problem.isEmpty()) {
      return Details.of("reported", "unknown: plug-in " + plugin + ": " + problem);
    }
    Details columns = Details.of("reported", "by plug-in " + plugin);
    for (String name : said.entries().keySet()) {
      columns = columns.with(REPORTED + name, said.need(name));
    }
    return columns;
  }
}
