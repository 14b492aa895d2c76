package io.cotidal.postgres.reach;

import io.cotidal.model.Stamp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what the gate's program answers to a look. */
final class SshSight {
  private static final int WORDS = 6;
  private static final Pattern AREA = Pattern.compile("(\\d{1,18})/([1-9]\\d{0,17})");

  private SshSight() {}

  /**
   * What those words say.
   *
   * @param places of the member
   */
  static Sight read(List<String> words, Places places) throws IOException {
    if (words.size() < WORDS || words.size() > WORDS + 2 || !words.get(5).startsWith("x")) {
      throw new IOException(
          "the gate's answer to a look has another form: " + words.size() + " words");
    }
    return new Sight(
        switch (words.get(0)) {
          case "running" -> true;
          case "gone" -> false;
          default -> throw new IOException("the gate does not tell whether the server runs");
        },
        stamp(words.get(1)),
        switch (words.get(2)) {
          case Sight.ABSENT, Sight.INCOMPLETE, Sight.PRESENT -> words.get(2);
          default -> throw new IOException("the gate does not tell what the data is");
        },
        words.get(3).equals("standby"),
        words.get(4).equals("true"),
        words.get(5).substring(1),
        room(words.subList(WORDS, words.size()), places));
  }

  /** Room was not asked for, or a gate of an earlier version does not tell it. */
  private static Optional<Room> room(List<String> words, Places places) throws IOException {
    List<Room.Area> areas = new ArrayList<>();
    for (String word : words) {
      Matcher area = AREA.matcher(word);
      if (!area.matches()) {
        throw new IOException("the gate does not tell what room there is");
      }
      areas.add(
          new Room.Area(
              areas.isEmpty() ? places.data() : places.data().resolve("pg_wal"),
              Long.parseLong(area.group(1)),
              Long.parseLong(area.group(2))));
    }
    return areas.isEmpty() ? Optional.empty() : Optional.of(new Room(areas));
  }

  static Stamp stamp(String text) throws IOException {
    try {
      return Stamp.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IOException("the gate tells no stamp: " + e.getMessage(), e);
    }
  }
}
