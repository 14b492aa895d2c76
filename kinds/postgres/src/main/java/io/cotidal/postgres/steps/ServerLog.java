package io.cotidal.postgres.steps;

import io.cotidal.postgres.observe.Node;
import io.cotidal.remote.Durable;
import io.cotidal.remote.LocalProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a server prints. */
final class ServerLog {
  private static final long LIMIT = 64L * 1024 * 1024;
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
   * Readies the log for a start: private, and put aside when it has grown large.
   *
   * @return its length
   */
  static long open(Node node) throws IOException {
    Path log = node.log();
    if (Files.exists(log) && Files.size(log) > LIMIT) {
      Files.move(
          log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
    }
    if (!Files.exists(log)) {
      Durable.write(log, "", node.owner().orElse(null), "rw-------");
    }
    return Files.size(log);
  }

  /**
   * The last line since {@code from} that says why the server did not come up; its last line at all
   * if none does.
   */
  static String decisive(Node node, long from) throws IOException {
    String text = LocalProcesses.tail(node.log(), from);
    String decisive = "";
    for (String line : text.lines().toList()) {
      Matcher serious = SERIOUS.matcher(line);
      if (serious.find() && (decisive.isEmpty() || !isFinal(decisive))) {
        decisive = serious.group(1);
      }
    }
    return decisive.isEmpty()
        ? text.lines().reduce((a, b) -> b).orElse("nothing is in " + node.log())
        : decisive;
  }

  /** The line since {@code from} after which waiting is in vain, if there is one. */
  static Optional<String> hopeless(Node node, long from) throws IOException {
    return LocalProcesses.tail(node.log(), from).lines().filter(ServerLog::isFinal).findFirst();
  }

  private static boolean isFinal(String line) {
    return FINAL.stream().anyMatch(line::contains);
  }
}
