package io.cotidal.copies.servers.docker;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds in what a server printed why it ended, and leaves out everything that may hold data. */
final class LastWords {
  /**
   * Lines about the server itself. Not PostgreSQL's plain ERROR and what follows it, which show
   * statements and rows.
   */
  private static final Pattern TELLING =
      Pattern.compile(
          "\\[ERROR\\]|\\b(FATAL|PANIC):|error while loading|[Pp]ermission denied|not found"
              + "|invalid value for parameter|unrecognized configuration parameter");

  private static final Pattern DATA =
      Pattern.compile("(?i)statement|query|duplicate entry|detail:|authentication failed");

  private LastWords() {}

  /** In one line; empty if the lines say nothing. */
  static String of(List<String> lines, Container.Ending ending) {
    if (ending.outOfMemory()) {
      return "the kernel killed it: it used more memory than its limit; give the copy more";
    }
    if (!ending.error().isEmpty()) {
      return ending.error();
    }
    // The first is the cause, what follows says only that it ended.
    String told =
        lines.stream()
            .filter(line -> TELLING.matcher(line).find() && !DATA.matcher(line).find())
            .findFirst()
            .or(() -> last(lines))
            .map(Answer::oneLine)
            .orElse("");
    String status = ending.status() == 0 ? "" : "exit status " + ending.status();
    return told.isEmpty() || status.isEmpty() ? told + status : status + ": " + told;
  }

  /** Of an entrypoint that knows no form: what it said at the end, if no statement is in it. */
  private static Optional<String> last(List<String> lines) {
    return lines.stream()
        .filter(line -> !Character.isWhitespace(line.charAt(0)) && !DATA.matcher(line).find())
        .reduce((first, second) -> second);
  }
}
