package io.cotidal.app.config;

import io.cotidal.postgres.compat.Foreign;
import io.cotidal.postgres.compat.IniReader;
import io.cotidal.postgres.compat.UnreadableFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file of HandyRep's by what its text looks like: the INI that its code reads, the YAML of which
 * its document speaks, the JSON of {@code servers.save}.
 *
 * @param saved whether it is {@code servers.save}
 */
public record HandyrepFile(boolean saved, Foreign.Group content) {
  /**
   * Reads a text.
   *
   * @throws UnreadableFile if it is none of the three
   */
  public static HandyrepFile read(String text) throws UnreadableFile {
    String first =
        text.lines()
            .map(line -> line.startsWith("\ufeff") ? line.substring(1).strip() : line.strip())
            .filter(line -> !line.isEmpty() && !line.startsWith("#") && !line.equals("---"))
            .findFirst()
            .orElseThrow(() -> new UnreadableFile(0, "it is empty", "name the right file"));
    if (first.startsWith("{")) {
      return new HandyrepFile(true, tree(text));
    }
    int equals = first.indexOf('=');
    int colon = first.indexOf(':');
    boolean ini = first.startsWith("[") || (equals > 0 && (colon < 0 || equals < colon));
    return new HandyrepFile(false, ini ? IniReader.read(text) : tree(text));
  }

  /** JSON is YAML, too; one careful reader is enough. */
  private static Foreign.Group tree(String text) throws UnreadableFile {
    Report report = new Report();
    var tree = YamlReader.read("it", text, report);
    if (tree.isEmpty()) {
      Problem problem = report.problems("it").getFirst();
      throw new UnreadableFile(line(problem.place()), problem.reason(), problem.remedy());
    }
    return switch (tree.get()) {
      case Tree.Mapping mapping -> group(mapping);
      default -> throw new UnreadableFile(1, "it holds no sections", "name the right file");
    };
  }

  private static int line(String place) {
    String digits = place.replaceFirst("^it:?", "");
    return digits.matches("[0-9]{1,7}") ? Integer.parseInt(digits) : 0;
  }

  private static Foreign.Group group(Tree.Mapping mapping) throws UnreadableFile {
    if (!mapping.repeated().isEmpty()) {
      throw new UnreadableFile(
          mapping.repeated().getFirst().line(), "repeats a key", "keep one of them");
    }
    Map<String, Foreign> entries = new LinkedHashMap<>();
    for (Map.Entry<String, Tree.Entry> each : mapping.entries().entrySet()) {
      entries.put(each.getKey(), foreign(each.getValue().value()));
    }
    return new Foreign.Group(entries);
  }

  private static Foreign foreign(Tree tree) throws UnreadableFile {
    return switch (tree) {
      case Tree.Text text -> new Foreign.Text(text.empty() ? "" : text.text());
      case Tree.Mapping mapping -> group(mapping);
      case Tree.Items items -> {
        List<String> texts = new ArrayList<>();
        for (Tree item : items.items()) {
          if (!(item instanceof Tree.Text text)) {
            throw new UnreadableFile(item.line(), "a list holds more than texts", "correct it");
          }
          texts.add(text.text());
        }
        yield new Foreign.Texts(texts);
      }
    };
  }
}
