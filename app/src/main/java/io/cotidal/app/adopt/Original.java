package io.cotidal.app.adopt;

import io.cotidal.cli.terminal.Terminal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** An older tool whose files can be read. */
public interface Original {
  /** Whether a file looks like one of its own; the first one of the list that says so gets it. */
  boolean knows(Text file);

  /** What people are told of it: a line with its files, and what becomes of them. */
  String help();

  /**
   * Makes a configuration of the files.
   *
   * @param output where it is written; empty for the terminal's output
   * @throws Refused if nothing can be made of them; nothing was written then
   */
  void adopt(List<Text> files, Optional<Path> output, Terminal terminal) throws Refused;

  /**
   * One file.
   *
   * @param file where it was read
   * @param text all of it
   */
  record Text(Path file, String text) {
    /** Says nothing of the text: it may hold passwords. */
    @Override
    public String toString() {
      return file.toString();
    }
  }
}
