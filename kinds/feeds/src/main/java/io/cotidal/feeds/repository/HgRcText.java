package io.cotidal.feeds.repository;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of an {@code hgrc} with Cotidal's hooks in it; everything else stays as it is. Pure.
 *
 * @param text the whole text
 * @param switchedOff lines that ran the program that Cotidal replaces, and are comments now
 * @param includes further files that it names; nobody looked into them
 */
record HgRcText(String text, List<String> switchedOff, List<String> includes) {
  private static final Pattern SECTION = Pattern.compile("\\[([^\\[]+)\\].*");
  private static final Pattern ITEM = Pattern.compile("([^=\\s][^=]*?)\\s*=\\s*(.*)");
  private static final Pattern UNSET = Pattern.compile("%unset\\s+(\\S+).*");
  private static final Pattern INCLUDE = Pattern.compile("%include\\s+(\\S.*?)\\s*");
  private static final Pattern REPLACED = Pattern.compile("\\bslave_(?:sync|poll)\\.py\\b");
  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_/.+,@%-]+");
  private static final String HEADER = "[hooks]";
  private static final String REMARK = "# switched off, for Cotidal does it: ";

  HgRcText {
    switchedOff = List.copyOf(switchedOff);
    includes = List.copyOf(includes);
  }

  /**
   * Puts hooks in: one that refuses commits of the clone's own, and one that runs {@code command}
   * for what a pull brings, whose failure rolls the pull back.
   */
  static HgRcText merge(String before, List<String> command) {
    Map<String, String> wanted = new LinkedHashMap<>();
    wanted.put(
        "precommit.cotidal",
        "echo 'no commit here: this clone follows its master; commit there' >&2; exit 1");
    wanted.put("pretxnchangegroup.cotidal", shell(command));
    return new Merge(wanted).over(before);
  }

  /** A line of the shell that runs exactly that. */
  static String shell(List<String> command) {
    return String.join(
        " ",
        command.stream()
            .map(word ->
                SAFE.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'")
            .toList());
  }

  /** One pass over the lines, as Mercurial reads them. */
  private static final class Merge {
    private final Map<String, String> wanted;
    private final Map<String, String> missing;
    private final List<String> lines = new ArrayList<>();
    private final List<String> off = new ArrayList<>();
    private final List<String> includes = new ArrayList<>();
    private String section = "";
    private int header = -1;

    Merge(Map<String, String> wanted) {
      this.wanted = wanted;
      this.missing = new LinkedHashMap<>(wanted);
    }

    HgRcText over(String before) {
      List<String> all = before.lines().toList();
      int next = 0;
      while (next < all.size()) {
        int end = end(all, next);
        take(all.subList(next, end));
        next = end;
      }
      List<String> added = new ArrayList<>();
      missing.forEach((name, value) -> added.add(name + " = " + value));
      if (!added.isEmpty() && header < 0) {
        if (!lines.isEmpty() && !lines.getLast().isBlank()) {
          lines.add("");
        }
        lines.add(HEADER);
        header = lines.size();
      }
      lines.addAll(Math.max(0, header), added);
      return new HgRcText(lines.isEmpty() ? "" : String.join("\n", lines) + "\n", off, includes);
    }

    /** Where an item ends: indented lines belong to it, and so do comments between them. */
    private static int end(List<String> all, int start) {
      if (!ITEM.matcher(all.get(start)).matches() || comment(all.get(start))) {
        return start + 1;
      }
      int end = start + 1;
      for (int i = start + 1; i < all.size(); i++) {
        String line = all.get(i);
        if (!line.isBlank() && Character.isWhitespace(line.charAt(0))) {
          end = i + 1;
        } else if (!comment(line)) {
          break;
        }
      }
      return end;
    }

    private static boolean comment(String line) {
      return line.startsWith("#") || line.startsWith(";");
    }

    private void take(List<String> item) {
      String first = item.getFirst();
      if (comment(first)) {
        lines.addAll(item);
        return;
      }
      Matcher heading = SECTION.matcher(first);
      if (heading.matches()) {
        section = heading.group(1);
        lines.add(first);
        if (section.equals("hooks") && header < 0) {
          header = lines.size();
        }
        return;
      }
      Matcher include = INCLUDE.matcher(first);
      if (include.matches()) {
        includes.add(include.group(1));
      }
      if (section.equals("hooks")) {
        hook(item);
      } else {
        lines.addAll(item);
      }
    }

    private void hook(List<String> item) {
      Matcher unset = UNSET.matcher(item.getFirst());
      if (unset.matches() && wanted.containsKey(unset.group(1))) {
        return;
      }
      Matcher setting = ITEM.matcher(item.getFirst());
      if (!setting.matches()) {
        lines.addAll(item);
        return;
      }
      String name = setting.group(1);
      if (wanted.containsKey(name)) {
        String value = missing.remove(name);
        if (value != null) {
          lines.add(name + " = " + value);
        }
      } else if (item.stream().anyMatch(line -> REPLACED.matcher(line).find())) {
        item.forEach(line -> lines.add(REMARK + line));
        off.add(String.join(" ", item.stream().map(String::strip).toList()));
      } else {
        lines.addAll(item);
      }
    }
  }
}
