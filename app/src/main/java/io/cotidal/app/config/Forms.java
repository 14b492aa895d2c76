package io.cotidal.app.config;

import static io.cotidal.app.config.Form.fit;
import static io.cotidal.app.config.Form.unfit;

import io.cotidal.model.Names;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The forms of the values in a configuration. */
final class Forms {
  private static final Pattern WHOLE = Pattern.compile("[0-9]{1,9}");
  private static final Pattern BYTES = Pattern.compile("([0-9]{1,6})(KiB|MiB|GiB|TiB)");
  private static final Pattern HOST_NAME =
      Pattern.compile(
          "(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");
  private static final Pattern DIGITS_AND_DOTS = Pattern.compile("[0-9.]+");
  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(?!$)|$)){4}");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
  private static final Pattern ROLE = Pattern.compile("[a-z_][a-z0-9_$]{0,62}");
  private static final Pattern ACCOUNT = Pattern.compile("[a-z_][a-z0-9_-]{0,31}");

  private Forms() {}

  static Form<Integer> whole(int least, int most) {
    return text -> {
      if (!WHOLE.matcher(text).matches()) {
        return unfit(
            Quote.of(text) + " is not a whole number", "write one from " + least + " to " + most);
      }
      int number = Integer.parseInt(text);
      return number < least || number > most
          ? unfit(text + " is out of range", "write a number from " + least + " to " + most)
          : fit(number);
    };
  }

  static Form<Duration> duration(Duration least, Duration most) {
    return text -> {
      Optional<Duration> read = Durations.read(text);
      if (read.isEmpty()) {
        return unfit(
            Quote.of(text) + " is not a duration",
            "write a number with its unit, for example 200ms, 1.5s or 2m");
      }
      Duration duration = read.get();
      return duration.compareTo(least) < 0 || duration.compareTo(most) > 0
          ? unfit(
              text + " is out of range",
              "write a duration from " + Durations.show(least) + " to " + Durations.show(most))
          : fit(duration);
    };
  }

  /** An amount of bytes with its unit. */
  static Form<Long> bytes() {
    return text -> {
      Matcher matcher = BYTES.matcher(text);
      if (!matcher.matches()) {
        return unfit(
            Quote.of(text) + " is not an amount of bytes", "write for example 512MiB or 20GiB");
      }
      int shift =
          switch (matcher.group(2)) {
            case "KiB" -> 10;
            case "MiB" -> 20;
            case "GiB" -> 30;
            default -> 40;
          };
      return fit(Long.parseLong(matcher.group(1)) << shift);
    };
  }

  static Form<Boolean> flag() {
    return text ->
        switch (text) {
          case "true" -> fit(true);
          case "false" -> fit(false);
          default -> unfit(Quote.of(text) + " is neither true nor false", "write true or false");
        };
  }

  /** One of an enum's constants, in lower case. */
  static <E extends Enum<E>> Form<E> word(Class<E> type) {
    List<E> constants = Arrays.asList(type.getEnumConstants());
    return text -> {
      Optional<E> found = constants.stream().filter(each -> show(each).equals(text)).findFirst();
      if (found.isPresent()) {
        return fit(found.get());
      }
      List<String> words = constants.stream().map(Forms::show).toList();
      return unfit(
          Quote.of(text) + " is not known",
          Nearest.to(text, words)
              .map(near -> "did you mean " + near + "?")
              .orElse(words.stream().collect(Collectors.joining(", ", "write one of ", ""))));
    };
  }

  static String show(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static Form<String> name() {
    return text ->
        Names.valid(text)
            ? fit(text)
            : unfit(
                Quote.of(text) + " is not a name",
                "use 1 to 63 of a-z 0-9 . _ - and begin with a letter or digit");
  }

  /** A host's name or address; not looked up. */
  static Form<String> host() {
    return text -> {
      boolean address =
          (IPV4.matcher(text).matches() || IPV6.matcher(text).matches()) && literal(text);
      boolean named = HOST_NAME.matcher(text).matches() && !DIGITS_AND_DOTS.matcher(text).matches();
      return address || named
          ? fit(text)
          : unfit(Quote.of(text) + " is not a host", "write a host name or an IP address");
    };
  }

  private static boolean literal(String text) {
    try {
      return !InetAddress.ofLiteral(text).isAnyLocalAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** A role of PostgreSQL, as one can write it without quotes. */
  static Form<String> role() {
    return text ->
        ROLE.matcher(text).matches()
            ? fit(text)
            : unfit(
                Quote.of(text) + " is not a role name",
                "use 1 to 63 of a-z 0-9 _ $ and begin with a letter or _");
  }

  /** An account of the operating system. */
  static Form<String> account() {
    return text ->
        ACCOUNT.matcher(text).matches()
            ? fit(text)
            : unfit(
                Quote.of(text) + " is not a user name",
                "use 1 to 32 of a-z 0-9 _ - and begin with a letter or _");
  }

  static Form<Path> absolutePath() {
    return text -> {
      Optional<Path> path = path(text);
      if (path.isEmpty() || !path.get().isAbsolute() || path.get().getNameCount() == 0) {
        return unfit(Quote.of(text) + " is not an absolute path", "write one that begins with /");
      }
      return fit(path.get().normalize());
    };
  }

  /** The path that the text is, if it is one at all. */
  static Optional<Path> path(String text) {
    if (text.isBlank() || text.chars().anyMatch(Character::isISOControl)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** Where to listen: an address of this machine alone, with a port; 0 takes any free one. */
  static Form<InetSocketAddress> listen() {
    String remedy = "write 127.0.0.1:PORT or [::1]:PORT";
    return text -> {
      int colon = text.lastIndexOf(':');
      String host = colon < 0 ? "" : text.substring(0, colon);
      boolean bracketed = host.startsWith("[") && host.endsWith("]") && host.length() > 2;
      String bare = bracketed ? host.substring(1, host.length() - 1) : host;
      if (bare.isEmpty() || bracketed != bare.contains(":")) {
        return unfit(Quote.of(text) + " is not an address with a port", remedy);
      }
      if (!(whole(0, 65_535).read(text.substring(colon + 1)) instanceof Form.Read.Fit(var port))) {
        return unfit(Quote.of(text) + " has no port from 0 to 65535", remedy);
      }
      boolean address = bracketed ? IPV6.matcher(bare).matches() : IPV4.matcher(bare).matches();
      if (!address && !(host().read(bare) instanceof Form.Read.Fit<String>)) {
        return unfit(Quote.of(text) + " is not an address with a port", remedy);
      }
      try {
        InetAddress at = InetAddress.ofLiteral(bare.equals("localhost") ? "127.0.0.1" : bare);
        if (at.isLoopbackAddress()) {
          return fit(new InetSocketAddress(at, port));
        }
      } catch (IllegalArgumentException e) {
        // A name: where it leads is another machine's word, so it is answered like an address of
        // the network.
      }
      return unfit("must be a loopback address: TLS is not available yet", remedy);
    };
  }
}
