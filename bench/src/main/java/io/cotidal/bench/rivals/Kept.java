package io.cotidal.bench.rivals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Rounds in a file, a line each: a measurement is made in many parts, and each adds to it.
 *
 * @param file need not be there
 */
record Kept(Path file) {
  /** Adds one. */
  void add(Round round) throws IOException {
    Files.writeString(
        file,
        line(round) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.WRITE,
        StandardOpenOption.APPEND);
  }

  /** All that are there. */
  List<Round> all() throws IOException {
    return Files.exists(file) ? parse(Files.readAllLines(file)) : List.of();
  }

  static String line(Round round) {
    return new JsonMapper().writeValueAsString(round);
  }

  /** Rounds of lines; a blank line is none. */
  static List<Round> parse(List<String> lines) throws IOException {
    JsonMapper mapper = new JsonMapper();
    List<Round> rounds = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        try {
          rounds.add(mapper.readValue(lines.get(i), Round.class));
        } catch (JacksonException e) {
          throw new IOException("line " + (i + 1) + " of the results is no round", e);
        }
      }
    }
    return rounds;
  }
}
