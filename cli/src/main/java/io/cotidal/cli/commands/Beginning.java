package io.cotidal.cli.commands;

import io.cotidal.cli.api.Api;
import io.cotidal.cli.api.Node;
import io.cotidal.cli.api.Unreachable;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import io.cotidal.model.OperationId;
import io.cotidal.model.ResourceId;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/** Sends what begins or changes an operation, and follows it as the command line asks. */
final class Beginning {
  private static final int TRIES = 4;
  private static final Duration PAUSE = Duration.ofMillis(300);
  private static final Duration SHORT = Duration.ofSeconds(2);
  private static final Duration ENDLESS = Duration.ofDays(3650);
  // The answer comes at once; waiting is this side's business, so that steps are seen as they
  // happen.
  private static final String NO_WAIT = "wait=0";

  private final Session session;

  Beginning(Session session) {
    this.session = session;
  }

  /** The options of a command that begins something. */
  static void declare(Form form) {
    form.flag("--wait", "Wait until it has ended; Ctrl-C leaves it running.")
        .option("--timeout", "TIME", "With --wait: for so long at most, for example 90s or 5m.");
  }

  /** Asks {@code path} to begin an operation of {@code id}, and follows it. */
  ExitCode begin(ResourceId id, String path, Object body, Arguments arguments)
      throws InterruptedException {
    Duration limit = limit(arguments);
    return new Following(session).follow(begun(id, path, body, NO_WAIT), limit);
  }

  /**
   * Asks {@code path} to begin an operation of {@code id}.
   *
   * @param prefer how long the server is to wait for its end before it answers
   * @return the operation as the server answered
   */
  Node begun(ResourceId id, String path, Object body, String prefer) throws InterruptedException {
    Map<String, String> headers =
        Map.of("Prefer", prefer, "Idempotency-Key", UUID.randomUUID().toString());
    Api.Answer answer = repeatable(id, path, body, headers);
    return answer.body().text("id").isEmpty() && !answer.location().isEmpty()
        ? new Resources(session).operation(atLocation(id, answer.location()))
        : answer.body();
  }

  /** Lets the operation {@code id} begin or go on, by a person's word, and follows it. */
  ExitCode proceed(OperationId id, String verb, Arguments arguments) throws InterruptedException {
    Duration limit = limit(arguments);
    Node operation = tell(id, verb, Map.of());
    return new Following(session).follow(operation, limit);
  }

  /**
   * Sends a person's word on an operation, once: a second one might meet an operation that the
   * first has changed.
   *
   * @return how the operation stands behind it
   */
  Node tell(OperationId id, String verb, Object body) {
    String path = Resources.path(id) + "/" + verb;
    try {
      Node answer =
          new Resources(session)
              .naming(
                  id.resource(),
                  () -> session.api().post(path, body, Map.of("Prefer", NO_WAIT)).body());
      return answer.text("id").isEmpty() ? new Resources(session).operation(id) : answer;
    } catch (Unreachable e) {
      if (e.sent()) {
        throw lost(e, "it may have been heard", "cot op get " + id);
      }
      throw e;
    }
  }

  /**
   * Sends a request whose repetition is harmless. If the answer is lost, it is sent again under the
   * same key: the server then answers with what the first one began.
   */
  Api.Answer repeatable(ResourceId id, String path, Object body, Map<String, String> headers)
      throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        return new Resources(session).naming(id, () -> session.api().post(path, body, headers));
      } catch (Unreachable e) {
        if (attempt == 1 && !e.sent()) {
          throw e;
        }
        if (attempt >= TRIES) {
          throw lost(e, "the operation may have begun", "cot op list " + id);
        }
        session.time().pause(PAUSE.multipliedBy(attempt));
      }
    }
  }

  private Failure lost(Unreachable e, String what, String look) {
    return new Failure(
        ExitCode.STILL_RUNNING,
        "the answer of " + session.api().server() + " was lost (" + e.reason() + "): " + what,
        "look: " + look);
  }

  private static OperationId atLocation(ResourceId id, String location) {
    String number = location.substring(location.lastIndexOf('/') + 1);
    try {
      return new OperationId(id, Long.parseLong(number));
    } catch (NumberFormatException e) {
      throw new Failure(
          ExitCode.STILL_RUNNING,
          "the server began something at " + location + " that this version cannot follow",
          "look: cot op list " + id);
    }
  }

  /** How long to follow. */
  static Duration limit(Arguments arguments) {
    boolean wait = arguments.flag("--wait");
    String timeout = arguments.text("--timeout").orElse("");
    if (timeout.isEmpty()) {
      return wait ? ENDLESS : SHORT;
    }
    if (!wait) {
      throw Failure.usage("--timeout means nothing without --wait", "add --wait");
    }
    return duration(timeout);
  }

  /** {@code 250ms}, {@code 90s}, {@code 5m}, {@code 2h}. */
  static Duration duration(String text) {
    int digits = 0;
    while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
      digits++;
    }
    try {
      long amount = Long.parseLong(text.substring(0, digits));
      return switch (text.substring(digits)) {
        case "ms" -> Duration.ofMillis(amount);
        case "s" -> Duration.ofSeconds(amount);
        case "m" -> Duration.ofMinutes(amount);
        case "h" -> Duration.ofHours(amount);
        default -> throw unreadable(text);
      };
    } catch (NumberFormatException | ArithmeticException e) {
      throw unreadable(text);
    }
  }

  private static Failure unreadable(String text) {
    return Failure.usage("time '" + text + "' cannot be read", "write for example 90s, 5m or 2h");
  }
}
