package io.cotidal.copies.compat;

import io.cotidal.model.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks the values of the original's variables. What is wrong is added to the problems; something
 * harmless stands in for it, so that all problems are found at once.
 */
final class MyaasValues {
  private static final Pattern DATABASE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,62}");
  private static final Pattern USER = Pattern.compile("[a-z_][a-z0-9_]{0,31}");
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:]{2,45}");
  private static final Pattern IMAGE = Pattern.compile("[a-z0-9][A-Za-z0-9._/:@-]{0,254}");
  private static final Pattern PREFIX = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}");
  private static final Pattern MEMORY = Pattern.compile("([0-9]{1,12})([bkmg]?)b?");
  private static final Pattern SECONDS = Pattern.compile("[+-]?[0-9]{1,12}");
  private static final Set<String> YES = Set.of("1", "true", "yes", "y", "on", "t");
  private static final Set<String> NO = Set.of("0", "false", "no", "n", "off", "f");

  /** Accounts that servers have themselves; a copy's owner may do less. */
  private static final Set<String> TAKEN =
      Set.of("root", "mysql", "postgres", "mariadb", "public", "none", "cotidal");

  private static final long LEAST_MEGABYTES = 32;
  private static final long MOST_SECONDS = 3_660L * 86_400;

  private final List<String> problems;

  MyaasValues(List<String> problems) {
    this.problems = problems;
  }

  void wrong(MyaasVariable variable, String value, String remedy) {
    problems.add(variable + " '" + (variable.shown() ? line(value) : "***") + "': " + remedy);
  }

  /** A value on one line, bounded. */
  static String line(String value) {
    String plain = value.replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "?");
    return plain.length() > 200 ? plain.substring(0, 200) + "…" : plain;
  }

  String database(MyaasVariable variable, String value) {
    return matching(
        variable, value, DATABASE, "use 1 to 63 letters, digits, _ and -, - not in front");
  }

  String user(MyaasVariable variable, String value) {
    if (TAKEN.contains(value)) {
      wrong(
          variable, value, "copies are given to an owner who is no administrator: use a new name");
    }
    return matching(variable, value, USER, "use 1 to 32 of a-z 0-9 _ and begin with a letter");
  }

  String host(MyaasVariable variable, String value) {
    return matching(variable, value, HOST, "write a host name or an address");
  }

  String image(MyaasVariable variable, String value) {
    return matching(variable, value, IMAGE, "write NAME:TAG");
  }

  String prefix(MyaasVariable variable, String value) {
    return matching(variable, value, PREFIX, "use letters, digits, _ . and -");
  }

  private String matching(MyaasVariable variable, String value, Pattern form, String remedy) {
    if (!form.matcher(value).matches()) {
      wrong(variable, value, remedy);
    }
    return value;
  }

  Secret password(MyaasVariable variable, Secret secret) {
    String text = secret.reveal();
    if (text.length() > 128 || text.chars().anyMatch(Character::isISOControl)) {
      wrong(variable, "", "use at most 128 characters, and none that control a terminal");
    }
    return secret;
  }

  Path folder(MyaasVariable variable, String value) {
    if (!value.startsWith("/") || value.indexOf('\0') >= 0) {
      wrong(variable, value, "write an absolute path");
      return Path.of("/");
    }
    return Path.of(value).normalize();
  }

  Duration ttl(MyaasVariable variable, String value) {
    if (!SECONDS.matcher(value).matches() || Long.parseLong(value) > MOST_SECONDS) {
      wrong(variable, value, "write a number of seconds, 0 for ever, ten years at most");
      return Duration.ZERO;
    }
    return Duration.ofSeconds(Math.max(0, Long.parseLong(value)));
  }

  boolean truth(MyaasVariable variable, String value) {
    String word = value.toLowerCase(Locale.ROOT);
    if (!YES.contains(word) && !NO.contains(word)) {
      wrong(variable, value, "write True or False");
    }
    return YES.contains(word);
  }

  OptionalInt megabytes(MyaasVariable variable, Optional<String> value) {
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    Matcher memory = MEMORY.matcher(value.get().toLowerCase(Locale.ROOT));
    long bytes = memory.matches() ? bytes(memory) : 0;
    long megabytes = bytes >> 20;
    if (megabytes < LEAST_MEGABYTES || megabytes > 1 << 20) {
      wrong(variable, value.get(), "write it as 512m or 2g, " + LEAST_MEGABYTES + "m at least");
      return OptionalInt.empty();
    }
    return OptionalInt.of((int) megabytes);
  }

  private static long bytes(Matcher memory) {
    int shift =
        switch (memory.group(2)) {
          case "k" -> 10;
          case "m" -> 20;
          case "g" -> 30;
          default -> 0;
        };
    long number = Long.parseLong(memory.group(1));
    return number > Long.MAX_VALUE >> shift ? 0 : number << shift;
  }

  /** {@code unix://var/run/docker.sock} and {@code unix:///var/run/docker.sock} mean the same. */
  Path socket(MyaasVariable variable, String value) {
    if (!value.startsWith("unix://") || value.indexOf('\0') >= 0) {
      wrong(variable, value, "only a Unix socket of this host is spoken to: write unix:///PATH");
      return Path.of("/");
    }
    return Path.of("/" + value.substring("unix://".length())).normalize();
  }
}
