package io.cotidal.cli.commands;

import io.cotidal.cli.terminal.Failure;
import io.cotidal.cli.terminal.Text;
import java.util.List;

/** In which form data is wanted. */
public enum Output {
  /** For people. */
  TABLE,
  /** The server's records, whole. */
  JSON,
  /** The same as YAML. */
  YAML,
  /** Ids only, one a line. */
  NAME;

  private static final List<String> WORDS = List.of("table", "json", "yaml", "name");

  /**
   * Reads the word that stands behind {@code -o}.
   *
   * @throws Failure if there is no such form
   */
  public static Output parse(String word) {
    int index = WORDS.indexOf(word);
    if (index >= 0) {
      return values()[index];
    }
    String near = Text.nearest(word, WORDS);
    throw Failure.usage(
        "-o '" + word + "' is no form of output",
        near.isEmpty()
            ? "use one of " + String.join(", ", WORDS)
            : "did you mean -o " + near + "?");
  }
}
