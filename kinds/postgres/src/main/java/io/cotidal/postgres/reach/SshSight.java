package io.cotidal.postgres.reach;

import io.cotidal.model.Stamp;
import java.io.IOException;
import java.util.List;

/** Reads what the gate's program answers to a look. */
final class SshSight {
  private static final int WORDS = 6;

  private SshSight() {}

  static Sight read(List<String> words) throws IOException {
    if (words.size() != WORDS || !words.get(5).startsWith("x")) {
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
        words.get(5).substring(1));
  }

  static Stamp stamp(String text) throws IOException {
    try {
      return Stamp.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IOException("the gate tells no stamp: " + e.getMessage(), e);
    }
  }
}
