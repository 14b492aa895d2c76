package io.cotidal.postgres.plan.settings;

import io.cotidal.postgres.observe.ServerSettings.Kind;
import io.cotidal.postgres.observe.ServerSettings.Parameter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A value that somebody wants for a parameter, read as the server reads it.
 *
 * @param plain the value in the parameter's own unit, as {@code pg_settings} has it
 * @param problem why the server would not take it; empty if nothing speaks against it
 */
public record ParameterValue(String plain, String problem) {
  private static final Pattern NUMBER =
      Pattern.compile(
          "([+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?)\\s*([A-Za-z]*)");
  private static final Pattern OTHER_BASE =
      Pattern.compile("([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]+)\\s*([A-Za-z]*)");
  private static final Map<String, Double> BYTES =
      Map.of("B", 1.0, "kB", 1024.0, "MB", 1048576.0, "GB", 1073741824.0, "TB", 1099511627776.0);
  private static final Map<String, Double> TIMES =
      Map.of("us", 1e-3, "ms", 1.0, "s", 1e3, "min", 6e4, "h", 3.6e6, "d", 8.64e7);
  private static final List<String> YES = List.of("on", "true", "yes", "1");
  private static final List<String> NO = List.of("off", "false", "no", "0");

  /** Reads {@code text} for {@code parameter}. */
  public static ParameterValue read(Parameter parameter, String text) {
    if (parameter.context().equals("internal")) {
      return bad("nobody can set it");
    }
    Kind kind = parameter.kind();
    return switch (kind.type()) {
      case "bool" -> bool(text);
      case "integer", "real" -> number(kind, text);
      case "enum" -> word(kind, text);
      case "unknown" ->
          parameter.name().indexOf('.') > 0
              ? good(text)
              : bad("the server knows no such parameter");
      default -> good(text);
    };
  }

  /** Whether both come to the same. */
  static boolean same(Parameter parameter, String one, String other) {
    ParameterValue first = read(parameter, one);
    ParameterValue second = read(parameter, other);
    return first.plain().equals(second.plain());
  }

  /** Whether {@code text} is what is in force. */
  public static boolean inForce(Parameter parameter, String text) {
    String wanted = read(parameter, text).plain();
    return switch (parameter.kind().type()) {
      case "integer", "real" -> canonical(parameter.setting()).equals(wanted);
      default -> parameter.setting().equals(wanted);
    };
  }

  private static ParameterValue good(String plain) {
    return new ParameterValue(plain, "");
  }

  private static ParameterValue bad(String problem) {
    return new ParameterValue("", problem);
  }

  private static ParameterValue bool(String text) {
    String word = text.strip().toLowerCase(Locale.ROOT);
    return truth(word)
        .map(yes -> good(yes ? "on" : "off"))
        .orElseGet(() -> bad("it takes on or off"));
  }

  /** As the server reads it: beginnings count as long as they are no other's. */
  private static Optional<Boolean> truth(String word) {
    if (word.isEmpty() || word.equals("o")) {
      return Optional.empty();
    }
    if (YES.stream().anyMatch(each -> each.startsWith(word))) {
      return Optional.of(true);
    }
    return NO.stream().anyMatch(each -> each.startsWith(word))
        ? Optional.of(false)
        : Optional.empty();
  }

  private static ParameterValue word(Kind kind, String text) {
    String word = text.strip();
    for (String each : kind.words()) {
      if (each.equalsIgnoreCase(word)) {
        return good(each);
      }
    }
    // The server takes these too and does not tell.
    if (YES.contains(word.toLowerCase(Locale.ROOT)) && kind.words().contains("on")) {
      return good("on");
    }
    if (NO.contains(word.toLowerCase(Locale.ROOT)) && kind.words().contains("off")) {
      return good("off");
    }
    return bad("it takes one of " + String.join(", ", kind.words()));
  }

  private static ParameterValue number(Kind kind, String text) {
    double value;
    String unit;
    Matcher decimal = NUMBER.matcher(text.strip());
    Matcher other = OTHER_BASE.matcher(text.strip());
    if (kind.type().equals("integer") && other.matches()) {
      value = Long.decode(other.group(1) + other.group(2));
      unit = other.group(3);
    } else if (decimal.matches()) {
      value = Double.parseDouble(decimal.group(1));
      unit = decimal.group(2);
    } else {
      return bad("it takes a number" + (kind.unit().isEmpty() ? "" : ", perhaps with a unit"));
    }
    Optional<Double> factor = factor(unit, kind.unit());
    if (factor.isEmpty()) {
      return bad(
          kind.unit().isEmpty()
              ? "it takes a number without a unit"
              : "'" + unit + "' is no unit of it: it takes " + units(kind.unit()));
    }
    double plain = value * factor.get();
    if (kind.type().equals("integer")) {
      plain = Math.rint(plain);
    }
    if (below(plain, kind.least()) || below(-plain, negated(kind.most()))) {
      return bad(
          "it takes "
              + kind.least()
              + " to "
              + kind.most()
              + (kind.unit().isEmpty() ? "" : " (in " + kind.unit() + ")"));
    }
    return good(canonical(plain));
  }

  private static boolean below(double value, String limit) {
    return !limit.isEmpty() && value < Double.parseDouble(limit);
  }

  private static String negated(String limit) {
    return limit.isEmpty() ? "" : Double.toString(-Double.parseDouble(limit));
  }

  /** What the server shows of a number; modes of files are octal ones with a zero before. */
  private static String canonical(String setting) {
    Matcher other = OTHER_BASE.matcher(setting);
    if (other.matches()) {
      return Long.toString(Long.decode(setting));
    }
    return NUMBER.matcher(setting).matches() ? canonical(Double.parseDouble(setting)) : setting;
  }

  private static String canonical(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  private static String units(String base) {
    return TIMES.containsKey(base) ? "us, ms, s, min, h, d" : "B, kB, MB, GB, TB";
  }

  /**
   * By what a number with {@code unit} becomes one in {@code base}; empty if it has no such unit.
   */
  private static Optional<Double> factor(String unit, String base) {
    if (unit.isEmpty()) {
      return Optional.of(1.0);
    }
    Map<String, Double> units = TIMES.containsKey(base) ? TIMES : BYTES;
    Double written = units.get(unit);
    Double own = size(base, units);
    return base.isEmpty() || written == null || own == null
        ? Optional.empty()
        : Optional.of(written / own);
  }

  /** A base unit may be several of one, such as 8kB. */
  private static @org.jspecify.annotations.Nullable Double size(
      String base, Map<String, Double> units) {
    Matcher several = NUMBER.matcher(base);
    if (several.matches()) {
      Double one = units.get(several.group(2));
      return one == null ? null : Double.valueOf(Double.parseDouble(several.group(1)) * one);
    }
    return units.get(base);
  }
}
