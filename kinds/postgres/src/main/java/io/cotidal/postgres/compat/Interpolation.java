package io.cotidal.postgres.compat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * ConfigObj's references, {@code %(key)s}: to a key of the same section, of its section {@code
 * DEFAULT}, or of one around it.
 */
final class Interpolation {
  private static final Pattern REFERENCE = Pattern.compile("%\\(([^)]*)\\)s");
  private static final int DEEPEST = 10;
  private static final int LONGEST = 10_000;

  private final Deque<Foreign.Group> around = new ArrayDeque<>();

  private Interpolation() {}

  static Foreign.Group resolve(Foreign.Group root) throws UnreadableFile {
    return new Interpolation().group(root);
  }

  private Foreign.Group group(Foreign.Group group) throws UnreadableFile {
    around.push(group);
    Map<String, Foreign> resolved = new LinkedHashMap<>();
    for (Map.Entry<String, Foreign> each : group.entries().entrySet()) {
      resolved.put(
          each.getKey(),
          switch (each.getValue()) {
            case Foreign.Group inner -> group(inner);
            case Foreign.Text text -> new Foreign.Text(text(text.text(), 0));
            case Foreign.Texts texts -> new Foreign.Texts(texts(texts.all()));
          });
    }
    around.pop();
    return new Foreign.Group(resolved);
  }

  private List<String> texts(List<String> all) throws UnreadableFile {
    List<String> resolved = new ArrayList<>();
    for (String each : all) {
      resolved.add(text(each, 0));
    }
    return resolved;
  }

  private String text(String text, int depth) throws UnreadableFile {
    Matcher matcher = REFERENCE.matcher(text);
    StringBuilder resolved = new StringBuilder();
    int from = 0;
    while (matcher.find()) {
      if (depth >= DEEPEST || resolved.length() > LONGEST) {
        throw new UnreadableFile(0, "its references %(…)s lead in a circle", "write the values");
      }
      resolved.append(text, from, matcher.start()).append(text(find(matcher.group(1)), depth + 1));
      from = matcher.end();
    }
    return resolved.append(text.substring(from)).toString();
  }

  private String find(String key) throws UnreadableFile {
    for (Foreign.Group group : around) {
      if (group.entries().get(key) instanceof Foreign.Text text) {
        return text.text();
      }
      if (group.group("DEFAULT").entries().get(key) instanceof Foreign.Text text) {
        return text.text();
      }
    }
    throw new UnreadableFile(
        0, "a reference %(…)s names a key that is not there", "write the value");
  }
}
