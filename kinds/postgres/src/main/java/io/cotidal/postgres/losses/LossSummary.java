package io.cotidal.postgres.losses;

import io.cotidal.model.Details;
import java.util.Locale;
import java.util.Map;

/** A loss as the text of a JSON file, which lies beside what was kept. */
public final class LossSummary {
  private LossSummary() {}

  /**
   * Its text: the facts by name, and each relation of {@code tally} with its name if it has one.
   */
  public static String json(Details facts, Tally tally, Map<String, Name> names) {
    StringBuilder text = new StringBuilder("{\n");
    facts
        .without(LossFacts.TABLES)
        .entries()
        .forEach((name, value) -> text.append("  ").append(pair(name, value)).append(",\n"));
    text.append("  \"relations\": [");
    String separator = "\n";
    for (Tally.File file : tally.files()) {
      text.append(separator).append("    ").append(relation(file, names));
      separator = ",\n";
    }
    return text.append("\n  ]\n}\n").toString();
  }

  private static String relation(Tally.File file, Map<String, Name> names) {
    Name name = file.made() ? null : names.get(file.name());
    String known =
        switch (name) {
          case null -> "";
          case Name.Table table -> pair("name", table.text()) + ", ";
          case Name.Inner _ -> pair("inner", "true") + ", ";
        };
    RowCounts counts = file.counts();
    return "{"
        + pair("file", file.name())
        + ", "
        + known
        + String.format(
            Locale.ROOT,
            "\"inserted\": %d, \"updated\": %d, \"deleted\": %d, \"truncated\": %d}",
            counts.inserted(),
            counts.updated(),
            counts.deleted(),
            counts.truncated());
  }

  private static String pair(String name, String value) {
    return quoted(name) + ": " + quoted(value);
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      if (each == '"' || each == '\\') {
        quoted.append('\\').append(each);
      } else if (each < ' ') {
        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) each));
      } else {
        quoted.append(each);
      }
    }
    return quoted.append('"').toString();
  }
}
