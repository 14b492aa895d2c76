package io.cotidal.feeds.environment;

import io.cotidal.feeds.filter.Filter;
import io.cotidal.feeds.job.Grammar;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks the values of variables. What is wrong is added to the problems; something harmless stands
 * in for it, so that all problems are found at once.
 */
final class FeedsValues {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final Pattern SIZE =
      Pattern.compile("(?<number>[0-9]{1,9})\\s*(?<unit>B|KiB|MiB|GiB|TiB)?");
  private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9])?|[0-9a-fA-F:]{2,39}");
  private static final Pattern REMOTE =
      Pattern.compile("([A-Za-z_][A-Za-z0-9._-]{0,31}@)?[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252})");
  private static final Pattern URL =
      Pattern.compile("https?://[A-Za-z0-9_.-]+(:[0-9]{1,5})?(/[A-Za-z0-9_.~%/-]*)?");
  private static final Pattern LOGIN = Pattern.compile("//[^/@\\s]*@");
  private static final Set<String> YES = Set.of("true", "yes", "on", "1");
  private static final Set<String> NO = Set.of("false", "no", "off", "0");

  private final List<String> problems;

  FeedsValues(List<String> problems) {
    this.problems = problems;
  }

  void missing(FeedsVariable variable) {
    problems.add(variable + " is not set: it says " + variable.meaning() + "; set it");
  }

  void wrong(FeedsVariable variable, String value, String reason) {
    problems.add(variable + " '" + (variable.shown() ? line(value) : "***") + "': " + reason);
  }

  /** A value on one line, bounded, without what logs in somewhere. */
  static String line(String value) {
    String plain =
        LOGIN
            .matcher(value.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]", "?"))
            .replaceAll("//***@");
    return plain.length() > 200 ? plain.substring(0, 200) + "…" : plain;
  }

  int number(FeedsVariable variable, String value, int least, int most) {
    int number = NUMBER.matcher(value).matches() ? Integer.parseInt(value) : -1;
    if (number < least || number > most) {
      wrong(variable, value, "write a whole number from " + least + " to " + most);
      return least;
    }
    return number;
  }

  long size(FeedsVariable variable, String value) {
    Matcher size = SIZE.matcher(value);
    if (!size.matches()) {
      wrong(variable, value, "write a size, for example 10GiB");
      return 0;
    }
    String unit = size.group("unit") == null ? "B" : size.group("unit");
    return Long.parseLong(size.group("number")) << (10 * UNITS.indexOf(unit));
  }

  boolean truth(FeedsVariable variable, String value) {
    String word = value.toLowerCase(Locale.ROOT);
    if (!YES.contains(word) && !NO.contains(word)) {
      wrong(variable, value, "write true or false");
    }
    return YES.contains(word);
  }

  <E extends Enum<E>> E word(FeedsVariable variable, String value, E[] known) {
    for (E one : known) {
      if (one.name().equalsIgnoreCase(value)) {
        return one;
      }
    }
    String words =
        String.join(
            ", ", Arrays.stream(known).map(one -> one.name().toLowerCase(Locale.ROOT)).toList());
    wrong(variable, value, "write one of " + words);
    return known[0];
  }

  String host(FeedsVariable variable, String value) {
    if (!HOST.matcher(value).matches()) {
      wrong(variable, value, "is no host; write a name or an address");
    }
    return value;
  }

  /** {@code user@host} or {@code host}. */
  String remote(FeedsVariable variable, String value) {
    if (!REMOTE.matcher(value).matches()) {
      wrong(variable, value, "is no host; write user@host");
    }
    return value;
  }

  /** Without a slash at the end. */
  String url(FeedsVariable variable, String value) {
    if (!URL.matcher(value).matches()) {
      wrong(variable, value, "is no URL; write http://host:port/path without a login");
    }
    return value.endsWith("/") ? value.substring(0, value.length() - 1) : value;
  }

  Path path(FeedsVariable variable, String value) {
    if (!value.startsWith("/") || !line(value).equals(value)) {
      wrong(variable, value, "is no folder or file; write an absolute path");
      return Path.of("/");
    }
    return Path.of(value).normalize();
  }

  /** A name of PostgreSQL's: a database, a role. */
  String name(FeedsVariable variable, String value) {
    if (value.length() > 63 || !line(value).equals(value)) {
      wrong(variable, value, "is no name; write at most 63 characters");
    }
    return value;
  }

  String schema(FeedsVariable variable, String value) {
    if (!Grammar.workspace(value)) {
      wrong(variable, value, "is no schema; use 1 to 63 of A-Z a-z 0-9 _ -");
    }
    return value;
  }

  Filter filter(FeedsVariable variable, String value) {
    try {
      return Filter.parse(value);
    } catch (IllegalArgumentException e) {
      wrong(variable, value, String.valueOf(e.getMessage()));
      return Filter.NONE;
    }
  }

  SshLine ssh(FeedsVariable variable, String value) {
    try {
      return SshLine.read(value);
    } catch (IllegalArgumentException e) {
      wrong(variable, value, String.valueOf(e.getMessage()));
      return SshLine.DEFAULT;
    }
  }
}
