package io.cotidal.feeds.repository;

import io.cotidal.feeds.repository.RepositoryException.Kind;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Makes one line, and a kind, of what Git, Mercurial and SSH print when they fail. Pure. */
final class Complaint {
  private static final int LONGEST = 300;
  private static final String OWNER = "dubious ownership";

  private static final List<String> UNKNOWN =
      List.of(
          "Host key verification failed",
          "REMOTE HOST IDENTIFICATION HAS CHANGED",
          "host key is known for");

  private static final Pattern LOCKS =
      Pattern.compile(
          "timed out waiting for lock"
              + "|Unable to create '[^'\\n]*': File exists"
              + "|cannot lock ref '[^'\\n]*': (?:is at|reference already exists)");

  private static final List<String> DISTANCE =
      List.of(
          "Could not read from remote repository",
          "does not appear to be a git repository",
          "unable to access '",
          "unable to connect to",
          "unable to look up",
          "The remote end hung up",
          "remote end hung up",
          "early EOF",
          "Authentication failed",
          "could not read Username",
          "Permission denied (",
          "no suitable response from remote hg",
          "abort: error:",
          "abort: HTTP Error",
          "abort: authorization failed",
          "abort: http authorization required",
          "stream ended unexpectedly",
          "connection ended unexpectedly",
          "' does not appear to be an hg repository");

  private static final Pattern NOT_FOUND = Pattern.compile("abort: repository .* not found");

  private static final Pattern TELLING =
      Pattern.compile("^(?:remote: )?(?:fatal|error|abort|ssh|kex_exchange_identification): ?.*");

  private Complaint() {}

  /**
   * The exception for a program that failed.
   *
   * @param place whose failure it is: a repository's address or folder
   * @param errors what it printed
   */
  static RepositoryException of(String place, String errors) {
    Kind kind = kind(errors);
    return switch (kind) {
      case UNKNOWN_HOST ->
          new RepositoryException(
              kind,
              "repository %s: its host does not show a key that is pinned; compare its key, and add it to the file of known hosts if it is right"
                  .formatted(Names.printable(place)));
      case LOCKED ->
          new RepositoryException(
              kind,
              "repository %s: %s; wait for whoever works on it, or remove the lock if nobody does"
                  .formatted(Names.printable(place), line(errors)));
      case UNREACHABLE, REFUSED, BROKEN ->
          new RepositoryException(
              kind,
              "repository %s: %s%s"
                  .formatted(
                      Names.printable(place),
                      line(errors),
                      errors.contains(OWNER) ? "; let its owner run Cotidal" : ""));
    };
  }

  /** The exception for a program that could not be run, or did not end in time. */
  static RepositoryException of(String place, IOException failure, Deadline deadline) {
    return new RepositoryException(
        deadline.over() ? Kind.UNREACHABLE : Kind.BROKEN,
        "repository %s: %s".formatted(Names.printable(place), line(reason(failure))),
        failure);
  }

  /** The system's reason; the JDK often says but the path. */
  static String reason(IOException failure) {
    String message =
        Optional.ofNullable(failure.getMessage())
            .orElseGet(() -> failure.getClass().getSimpleName());
    return switch (failure) {
      case AccessDeniedException _ -> "permission denied: " + message;
      case NoSuchFileException _ -> "there is no " + message;
      case FileAlreadyExistsException _ -> "something else has that name: " + message;
      default -> message;
    };
  }

  /** What kind of failure those words are. */
  static Kind kind(String errors) {
    if (UNKNOWN.stream().anyMatch(errors::contains)) {
      return Kind.UNKNOWN_HOST;
    }
    if (LOCKS.matcher(errors).find()) {
      return Kind.LOCKED;
    }
    boolean away = DISTANCE.stream().anyMatch(errors::contains) || NOT_FOUND.matcher(errors).find();
    return away ? Kind.UNREACHABLE : Kind.BROKEN;
  }

  /** The line that says most: the first that a program marked as its reason, else the last. */
  static String line(String errors) {
    List<String> lines = errors.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    Optional<String> telling =
        lines.stream().filter(line -> TELLING.matcher(line).matches()).findFirst();
    String line =
        telling.orElse(lines.isEmpty() ? "it failed and did not say why" : lines.getLast());
    String shown = Names.printable(line);
    return shown.length() > LONGEST ? shown.substring(0, LONGEST) + "…" : shown;
  }
}
