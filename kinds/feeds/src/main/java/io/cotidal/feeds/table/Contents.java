package io.cotidal.feeds.table;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sorts an archive's table of contents: early word of what it must not hold, before a row of it is
 * read. What its entries really say is judged by {@link Grammar}.
 */
final class Contents {
  private static final Pattern LINE = Pattern.compile("[0-9]+; [0-9]+ [0-9]+ (.*)");
  private static final List<String> WANTED =
      List.of(
          "TABLE DATA",
          "TABLE",
          "SEQUENCE OWNED BY",
          "SEQUENCE SET",
          "SEQUENCE",
          "DEFAULT",
          "CONSTRAINT",
          "CHECK CONSTRAINT",
          "FK CONSTRAINT",
          "INDEX",
          "COMMENT");
  private static final List<String> IDLE = List.of("ACL", "DEFAULT ACL", "STATISTICS DATA");
  private static final List<String> OTHERS = List.of("TABLE ATTACH", "INDEX ATTACH");

  private Contents() {}

  /** The lines that are of use. */
  static List<String> wanted(List<String> lines) throws BadDump {
    List<String> wanted = new ArrayList<>();
    int tables = 0;
    for (String line : lines) {
      Matcher entry = LINE.matcher(line);
      if (!entry.matches()) {
        throw new BadDump("its table of contents has a line that cannot be read");
      }
      String what = entry.group(1);
      if (one(what, OTHERS) || (!one(what, WANTED) && !one(what, IDLE))) {
        throw new BadDump("it holds more than a table: " + shown(what));
      }
      if (one(what, WANTED)) {
        wanted.add(line);
      }
      tables += one(what, List.of("TABLE")) && !one(what, List.of("TABLE DATA")) ? 1 : 0;
    }
    if (tables != 1) {
      throw new BadDump("it holds " + tables + " tables, and should hold one");
    }
    return wanted;
  }

  private static boolean one(String what, List<String> types) {
    return types.stream().anyMatch(type -> what.startsWith(type + " "));
  }

  private static String shown(String what) {
    String plain = what.replaceAll("\\p{Cntrl}", " ");
    return plain.length() > 100 ? plain.substring(0, 100) : plain;
  }
}
