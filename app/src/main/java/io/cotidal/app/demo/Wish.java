package io.cotidal.app.demo;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What somebody wants of {@code cot demo}.
 *
 * @param port of the page, if it was given
 */
record Wish(What what, OptionalInt port) {
  /** Which of the commands. */
  enum What {
    LIVE,
    BREAK,
    TOUR,
    HELP
  }

  /** What the arguments say; empty if they make no sense. */
  static Optional<Wish> of(List<String> arguments) {
    What what = What.LIVE;
    OptionalInt port = OptionalInt.empty();
    for (int i = 0; i < arguments.size(); i++) {
      switch (arguments.get(i)) {
        case "-h", "--help" -> {
          return Optional.of(new Wish(What.HELP, port));
        }
        case "break" -> what = What.BREAK;
        case "tour" -> what = What.TOUR;
        case "--port" -> {
          i++;
          port = i < arguments.size() ? port(arguments.get(i)) : OptionalInt.empty();
          if (port.isEmpty()) {
            return Optional.empty();
          }
        }
        default -> {
          return Optional.empty();
        }
      }
    }
    return Optional.of(new Wish(what, port));
  }

  private static OptionalInt port(String text) {
    if (!text.matches("[0-9]{1,5}")) {
      return OptionalInt.empty();
    }
    int port = Integer.parseInt(text);
    return port >= 1 && port <= 65_535 ? OptionalInt.of(port) : OptionalInt.empty();
  }
}
