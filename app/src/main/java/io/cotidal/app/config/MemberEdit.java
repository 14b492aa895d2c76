package io.cotidal.app.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Changes one member in a configuration's text and leaves every other line, comments included, as
 * it is. What comes out is read again and held against what was meant. Pure.
 */
public final class MemberEdit {
  /** What came of it. */
  public sealed interface Edited {
    /**
     * The new text, and the lines that differ: {@code -} or {@code +}, the line's number, the line.
     */
    record Done(String text, List<String> lines) implements Edited {
      /** Copies the list. */
      public Done {
        lines = List.copyOf(lines);
      }
    }

    /** It cannot be done, in one sentence with what to do. */
    record Not(String reason) implements Edited {}
  }

  /** What is to happen to a member. */
  public sealed interface Change {
    /** It comes, behind the others, with these keys. */
    record Add(Map<String, String> keys) implements Change {}

    /** It goes. */
    record Remove() implements Change {}

    /** These keys of it change; an empty value removes a key. */
    record Set(Map<String, String> keys) implements Change {}
  }

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./+-][A-Za-z0-9_./+@ :-]*");

  private final List<String> lines;
  private final String cluster;
  private final String member;

  private MemberEdit(List<String> lines, String cluster, String member) {
    this.lines = lines;
    this.cluster = cluster;
    this.member = member;
  }

  /** Changes {@code member} of the PostgreSQL cluster of that name in {@code text}. */
  public static Edited edit(String text, String cluster, String member, Change change) {
    try {
      MemberEdit edit = new MemberEdit(text.lines().toList(), cluster, member);
      return edit.done(text, change);
    } catch (Unable e) {
      return new Edited.Not(String.valueOf(e.getMessage()));
    }
  }

  private Edited done(String text, Change change) {
    Tree.Items members = members(text);
    List<Object> meant = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < members.items().size(); i++) {
      meant.add(plain(members.items().get(i)));
      names.add(members.name(i));
    }
    int at = names.indexOf(member);
    List<String> result = new ArrayList<>(lines);
    switch (change) {
      case Change.Add add -> {
        if (at >= 0) {
          throw new Unable("postgres/" + cluster + " has a member " + member + " already");
        }
        Map<String, Object> item = changed(new LinkedHashMap<>(Map.of("name", member)), add.keys());
        Block last = block(members, names.size() - 1);
        result.add(last.end(), last.dash() + "- " + flow(item));
        meant.add(item);
      }
      case Change.Remove _ -> {
        Block block = block(members, known(at));
        if (names.size() == 1) {
          throw new Unable("it is the only member: remove the cluster to release it");
        }
        result.subList(block.begin(), block.end()).clear();
        meant.remove(at);
      }
      case Change.Set set -> {
        Block block = block(members, known(at));
        Map<String, Object> item = changed(mapping(meant.get(at)), set.keys());
        List<String> its = result.subList(block.begin(), block.end());
        if (its.stream().anyMatch(line -> line.contains(" #"))) {
          throw new Unable("there is a comment within the member's lines: change them by hand");
        }
        its.clear();
        result.add(block.begin(), block.dash() + "- " + flow(item));
        meant.set(at, item);
      }
    }
    String next = String.join("\n", result) + "\n";
    return held(next, meant, result);
  }

  private int known(int at) {
    if (at < 0) {
      throw new Unable("postgres/" + cluster + " has no member " + member);
    }
    return at;
  }

  /** What a reader would find in it is what was meant, and nothing else has changed. */
  private Edited held(String next, List<Object> meant, List<String> result) {
    Object expected = with(plain(tree(String.join("\n", lines))), meant);
    if (!expected.equals(plain(tree(next)))) {
      throw new Unable(
          "the file is written in a way that this cannot change safely: do it by hand");
    }
    return new Edited.Done(next, shown(result));
  }

  private Object with(Object whole, List<Object> meant) {
    Map<String, Object> top = new LinkedHashMap<>(mapping(whole));
    Map<String, Object> kind = new LinkedHashMap<>(mapping(top.get("postgres")));
    Map<String, Object> one = new LinkedHashMap<>(mapping(kind.get(cluster)));
    one.put("members", meant);
    kind.put(cluster, one);
    top.put("postgres", kind);
    return top;
  }

  private List<String> shown(List<String> result) {
    int head = 0;
    int most = Math.min(lines.size(), result.size());
    while (head < most && lines.get(head).equals(result.get(head))) {
      head++;
    }
    int tail = 0;
    while (tail < most - head
        && lines.get(lines.size() - 1 - tail).equals(result.get(result.size() - 1 - tail))) {
      tail++;
    }
    List<String> shown = new ArrayList<>();
    for (int i = head; i < lines.size() - tail; i++) {
      shown.add("- " + (i + 1) + ": " + lines.get(i));
    }
    for (int i = head; i < result.size() - tail; i++) {
      shown.add("+ " + (i + 1) + ": " + result.get(i));
    }
    return shown;
  }

  private Tree.Items members(String text) {
    Tree.Mapping top = at(tree(text), "the file");
    Tree.Mapping kind = at(entry(top, "postgres"), "postgres");
    Tree.Mapping one = at(entry(kind, cluster), "postgres." + cluster);
    if (entry(one, "members") instanceof Tree.Items items && !items.items().isEmpty()) {
      return items;
    }
    throw new Unable("postgres." + cluster + ".members is no list of members");
  }

  private Tree entry(Tree.Mapping mapping, String key) {
    Tree.Entry entry = mapping.entries().get(key);
    if (entry == null) {
      throw new Unable("the configuration has no postgres/" + cluster);
    }
    return entry.value();
  }

  private static Tree.Mapping at(Tree tree, String what) {
    if (tree instanceof Tree.Mapping mapping) {
      return mapping;
    }
    throw new Unable(what + " is not a mapping");
  }

  private static Tree tree(String text) {
    Report report = new Report();
    Optional<Tree> tree = YamlReader.read("the file", text, report);
    return tree.orElseThrow(() -> new Unable(report.problems("the file").getFirst().toString()));
  }

  /**
   * The lines of one item.
   *
   * @param begin the index of the first
   * @param end the index behind the last
   * @param dash what stands before the dash
   */
  private record Block(int begin, int end, String dash) {}

  private Block block(Tree.Items members, int index) {
    int begin = members.items().get(index).line() - 1;
    String first = lines.get(begin);
    int indent = first.length() - first.stripLeading().length();
    if (!first.startsWith("- ", indent)) {
      throw new Unable("the members are not written one a line, each after a dash: do it by hand");
    }
    int end = begin + 1;
    for (int i = begin + 1; i < lines.size(); i++) {
      String line = lines.get(i);
      boolean said = !line.isBlank() && !line.stripLeading().startsWith("#");
      if (said && line.length() - line.stripLeading().length() <= indent) {
        break;
      }
      // Blank lines and comments belong to the item only if more of it follows.
      end = said ? i + 1 : end;
    }
    return new Block(begin, end, first.substring(0, indent));
  }

  private static Object plain(Tree tree) {
    return switch (tree) {
      case Tree.Text text -> text.empty() ? "" : text.text();
      case Tree.Items items -> items.items().stream().map(MemberEdit::plain).toList();
      case Tree.Mapping mapping -> {
        Map<String, Object> plain = new LinkedHashMap<>();
        mapping.entries().forEach((key, entry) -> plain.put(key, plain(entry.value())));
        yield plain;
      }
    };
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> mapping(@Nullable Object plain) {
    if (plain instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw new Unable("a member is not a mapping");
  }

  /** Keys with a dot are keys of a mapping below: {@code ssh.port}. */
  private static Map<String, Object> changed(Map<String, Object> item, Map<String, String> keys) {
    Map<String, Object> next = new LinkedHashMap<>(item);
    keys.forEach((key, value) -> {
      int dot = key.indexOf('.');
      if (dot > 0) {
        String outer = key.substring(0, dot);
        Map<String, Object> inner =
            next.get(outer) instanceof Map<?, ?> ? mapping(next.get(outer)) : Map.of();
        Map<String, Object> changed = changed(inner, Map.of(key.substring(dot + 1), value));
        if (changed.isEmpty()) {
          next.remove(outer);
        } else {
          next.put(outer, changed);
        }
      } else if (value.isEmpty()) {
        next.remove(key);
      } else {
        next.put(key, value);
      }
    });
    return next;
  }

  private static String flow(Object plain) {
    return switch (plain) {
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(each -> scalar(String.valueOf(each.getKey())) + ": " + flow(each.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      case List<?> list ->
          list.stream().map(MemberEdit::flow).collect(Collectors.joining(", ", "[", "]"));
      default -> scalar(String.valueOf(plain));
    };
  }

  private static String scalar(String text) {
    boolean plain =
        PLAIN.matcher(text).matches()
            && !text.equals("null")
            && !text.contains(": ")
            && !text.endsWith(":")
            && !text.endsWith(" ")
            && !text.startsWith("-");
    if (plain) {
      return text;
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new Unable("a value has characters that do not print");
    }
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** Ends the edit from within; never leaves this class. */
  private static final class Unable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unable(String reason) {
      super(reason, null, false, false);
    }
  }
}
