package io.cotidal.objects.compat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of a Swift server, as its loader reads it: sections, keys with {@code =} or {@code :},
 * values over several lines, {@code set} before a key, defaults that hold in every section.
 *
 * @param file what messages call it
 */
record SwiftConf(String file, List<Part> parts) {
  /** Comments and all. */
  private static final int MOST_CHARACTERS = 1_000_000;

  private static final int LONGEST_LINE = 10_000;

  private static final String DEFAULT = "DEFAULT";
  private static final Pattern HEAD = Pattern.compile("\\[([^\\]\\[]+)]\\s*([#;].*)?");
  private static final Pattern PAIR =
      Pattern.compile("(set\\s+)?([^=:\\s][^=:]*?)\\s*[=:]\\s*(.*)");

  /** Copies the list. */
  SwiftConf {
    parts = List.copyOf(parts);
  }

  /** A section with its lines, the first of the file being 1. */
  record Part(String name, int first, int last, List<Option> options) {
    Part {
      options = List.copyOf(options);
    }

    Optional<Option> option(String key) {
      // The last one holds, as for the loader.
      return options.stream().filter(each -> each.key().equals(key)).reduce((a, b) -> b);
    }
  }

  /** A value with its lines. */
  record Option(String key, String value, int first, int last) {}

  /**
   * Reads a text.
   *
   * @throws UnreadableConf if the loader would not take it either
   */
  static SwiftConf read(String file, String text) throws UnreadableConf {
    if (text.length() > MOST_CHARACTERS) {
      throw new UnreadableConf(file, 0, "is too large; name the right file");
    }
    return new Reading(file).whole(text.startsWith("\ufeff") ? text.substring(1) : text);
  }

  Optional<Part> part(String name) {
    return parts.stream().filter(each -> each.name().equals(name)).findFirst();
  }

  /** What {@code [DEFAULT]} says. */
  Optional<Option> common(String key) {
    return part(DEFAULT).flatMap(part -> part.option(key));
  }

  /** What the section says, or else {@code [DEFAULT]}. */
  Optional<Option> option(Part part, String key) {
    return part.option(key).or(() -> common(key));
  }

  /** The sections of filters that load that entry of Swift's. */
  List<Part> filters(String entry) {
    return parts.stream()
        .filter(part -> part.name().startsWith("filter:"))
        .filter(part ->
            filterName(part).equals(entry)
                || part.option("use")
                    .filter(use -> use.value().toLowerCase(Locale.ROOT).endsWith("#" + entry))
                    .isPresent())
        .toList();
  }

  /** How the pipeline calls that filter. */
  static String filterName(Part part) {
    return part.name().substring("filter:".length()).strip();
  }

  /** The lines of one file, one after the other. */
  private static final class Reading {
    private final String file;
    private final List<Part> parts = new ArrayList<>();
    private final List<Option> options = new ArrayList<>();
    private String section = "";
    private int begun;

    Reading(String file) {
      this.file = file;
    }

    SwiftConf whole(String text) throws UnreadableConf {
      List<String> lines = text.lines().toList();
      for (int i = 0; i < lines.size(); i++) {
        line(i + 1, lines.get(i));
      }
      end();
      return new SwiftConf(file, parts);
    }

    private void line(int number, String line) throws UnreadableConf {
      if (line.length() > LONGEST_LINE) {
        throw new UnreadableConf(file, number, "is too long; name the right file");
      }
      String bare = line.strip();
      if (bare.chars().anyMatch(c -> Character.isISOControl(c) && c != '\t')) {
        throw new UnreadableConf(file, number, "holds control characters; save it as text");
      }
      if (bare.isEmpty() || bare.startsWith("#") || bare.startsWith(";")) {
        return;
      }
      if (Character.isWhitespace(line.charAt(0)) && !options.isEmpty()) {
        Option before = options.removeLast();
        options.add(
            new Option(
                before.key(), (before.value() + " " + bare).strip(), before.first(), number));
        return;
      }
      Matcher head = HEAD.matcher(bare);
      if (head.matches()) {
        end();
        section = head.group(1).strip();
        begun = number;
        return;
      }
      Matcher pair = PAIR.matcher(bare);
      if (section.isEmpty() || !pair.matches()) {
        throw new UnreadableConf(
            file, number, "is neither a section nor a key with its value; correct it");
      }
      options.add(new Option(pair.group(2), pair.group(3).strip(), number, number));
    }

    private void end() {
      if (!section.isEmpty()) {
        int last = options.isEmpty() ? begun : options.getLast().last();
        parts.add(new Part(section, begun, last, options));
      }
      options.clear();
    }
  }
}
