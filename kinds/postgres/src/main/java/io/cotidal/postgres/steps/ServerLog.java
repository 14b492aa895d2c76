package io.cotidal.postgres.steps;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a server prints. */
final class ServerLog {
  private static final Pattern SERIOUS = Pattern.compile("(?:FATAL|PANIC|ERROR):\\s+(.*)");

  /**
   * After one of these, waiting for streaming is in vain: histories part, or the log that is needed
   * is gone.
   */
  private static final List<String> FINAL =
      List.of(
          "forked off current database system timeline",
          "is not in this server's history",
          "has already been removed",
          "is not a child of this server's history",
          "database system identifier differs",
          "does not contain minimum recovery point");

  private ServerLog() {}

  /**
   * The last line since {@code from} that says why the server did not come up; its last line at all
   * if none does.
   */
  static String decisive(Turn turn, long from) throws IOException, InterruptedException {
    if (!turn.inside().within()) {
      return "its log is not within reach";
    }
    String text = turn.inside().log(from);
    String decisive = "";
    for (String line : text.lines().toList()) {
      Matcher serious = SERIOUS.matcher(line);
      if (serious.find() && (decisive.isEmpty() || !isFinal(decisive))) {
        decisive = serious.group(1);
      }
    }
    return decisive.isEmpty()
        ? text.lines().reduce((a, b) -> b).orElse("nothing is in " + turn.node().places().log())
        : decisive;
  }

  /** The line since {@code from} after which waiting is in vain, if there is one. */
  static Optional<String> hopeless(Turn turn, long from) throws IOException, InterruptedException {
    if (!turn.inside().within()) {
      return Optional.empty();
    }
    return turn.inside().log(from).lines().filter(ServerLog::isFinal).findFirst();
  }

  private static boolean isFinal(String line) {
    return FINAL.stream().anyMatch(line::contains);
  }
}
