package io.cotidal.feeds.filter;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What Python's values do. {@code None} is null; objects of classes that are not listed in {@link
 * #kind} are true, and equal to nothing but themselves.
 */
final class Values {
  /** Deeper values are not compared: a map might hold itself. */
  private static final int DEEPEST = 64;

  private Values() {}

  /** Python tells tuples from lists. */
  record Tuple(List<@Nullable Object> items) {
    Tuple {
      items = Collections.unmodifiableList(new ArrayList<>(items));
    }
  }

  /** For messages. */
  static String kind(@Nullable Object value) {
    return switch (value) {
      case null -> "None";
      case Boolean _ -> "a boolean";
      case String _ -> "a text";
      case Number number when isNumber(number) -> "a number";
      case List<?> _ -> "a list";
      case Tuple _ -> "a tuple";
      case Map<?, ?> _ -> "a mapping";
      default -> "something else";
    };
  }

  private static boolean isNumber(@Nullable Object value) {
    return value instanceof Byte
        || value instanceof Short
        || value instanceof Integer
        || value instanceof Long
        || value instanceof BigInteger
        || value instanceof Float
        || value instanceof Double
        || value instanceof BigDecimal;
  }

  static boolean truth(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case Boolean truth -> truth;
      case String text -> !text.isEmpty();
      case Number number when isNumber(number) -> signum(number) != 0;
      case List<?> list -> !list.isEmpty();
      case Tuple tuple -> !tuple.items().isEmpty();
      case Map<?, ?> map -> !map.isEmpty();
      default -> true;
    };
  }

  /** Not zero for what is no number, for Python takes that as true. */
  private static int signum(Number number) {
    double real = number.doubleValue();
    return Double.isNaN(real) ? 1 : real != 0 ? 1 : exact(number).signum();
  }

  private static BigDecimal exact(Number number) {
    return switch (number) {
      case BigDecimal decimal -> decimal;
      case BigInteger whole -> new BigDecimal(whole);
      case Double real -> new BigDecimal(real);
      case Float real -> new BigDecimal(real);
      default -> BigDecimal.valueOf(number.longValue());
    };
  }

  /** A number that is compared as one; booleans are 0 and 1; null for others. */
  private static @Nullable Number number(@Nullable Object value) {
    return value instanceof Boolean truth
        ? Integer.valueOf(truth ? 1 : 0)
        : isNumber(value) ? (Number) value : null;
  }

  /** Empty if one of them is no number, or not a number at all. */
  static OptionalInt compared(@Nullable Object left, @Nullable Object right) {
    Number a = number(left);
    Number b = number(right);
    if (a == null || b == null || nan(a) || nan(b)) {
      return OptionalInt.empty();
    }
    int aboveAll = Integer.compare(infinite(a), infinite(b));
    return OptionalInt.of(
        aboveAll != 0 || infinite(a) != 0 ? aboveAll : exact(a).compareTo(exact(b)));
  }

  static boolean numeric(@Nullable Object value) {
    return number(value) != null;
  }

  private static boolean nan(Number number) {
    return binary(number) && Double.isNaN(number.doubleValue());
  }

  private static int infinite(Number number) {
    return binary(number) && Double.isInfinite(number.doubleValue())
        ? (int) Math.signum(number.doubleValue())
        : 0;
  }

  private static boolean binary(Number number) {
    return number instanceof Double || number instanceof Float;
  }

  static boolean equal(@Nullable Object left, @Nullable Object right) throws Fault {
    return equal(left, right, 0);
  }

  private static boolean equal(@Nullable Object left, @Nullable Object right, int depth)
      throws Fault {
    if (depth > DEEPEST) {
      throw new Fault("values that nest deeper than " + DEEPEST + " cannot be compared");
    }
    if (left == null || right == null) {
      return left == null && right == null;
    }
    if (numeric(left) && numeric(right)) {
      OptionalInt compared = compared(left, right);
      return compared.isPresent() && compared.getAsInt() == 0;
    }
    if (left instanceof List<?> a && right instanceof List<?> b) {
      return equalItems(a, b, depth);
    }
    if (left instanceof Tuple a && right instanceof Tuple b) {
      return equalItems(a.items(), b.items(), depth);
    }
    if (left instanceof Map<?, ?> a && right instanceof Map<?, ?> b) {
      return equalEntries(a, b, depth);
    }
    return !(left instanceof Map) && !(left instanceof List) && left.equals(right);
  }

  private static boolean equalItems(List<?> a, List<?> b, int depth) throws Fault {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!equal(a.get(i), b.get(i), depth + 1)) {
        return false;
      }
    }
    return true;
  }

  private static boolean equalEntries(Map<?, ?> a, Map<?, ?> b, int depth) throws Fault {
    if (!a.keySet().equals(b.keySet())) {
      return false;
    }
    for (Object key : a.keySet()) {
      if (!equal(a.get(key), b.get(key), depth + 1)) {
        return false;
      }
    }
    return true;
  }

  /** Whether {@code whole} contains {@code part}. */
  static boolean contains(@Nullable Object whole, @Nullable Object part) throws Fault {
    if (whole instanceof Map<?, ?> map) {
      return has(map, part);
    }
    if (whole instanceof String text) {
      if (part instanceof String piece) {
        return text.contains(piece);
      }
      throw new Fault(kind(part) + " cannot be in a text");
    }
    for (Object item : items(whole, "contain nothing")) {
      if (equal(item, part)) {
        return true;
      }
    }
    return false;
  }

  /** Whether {@code map} has that key. */
  static boolean has(Map<?, ?> map, @Nullable Object key) throws Fault {
    if (!hashable(key)) {
      throw new Fault(kind(key) + " cannot be a key");
    }
    return key instanceof String && map.containsKey(key);
  }

  private static boolean hashable(@Nullable Object key) {
    return key instanceof Tuple tuple
        ? tuple.items().stream().allMatch(Values::hashable)
        : !(key instanceof List) && !(key instanceof Map);
  }

  /** A missing key of a mapping gives None; a missing place of a list is a fault. */
  static @Nullable Object item(@Nullable Object target, @Nullable Object key) throws Fault {
    if (target instanceof Map<?, ?> map) {
      return has(map, key) ? map.get(key) : null;
    }
    List<?> items =
        target instanceof String text
            ? text.codePoints().mapToObj(Character::toString).toList()
            : items(target, "have no items");
    OptionalInt least = compared(key, BigInteger.valueOf(-items.size()));
    OptionalInt most = compared(key, BigInteger.valueOf(items.size()));
    if (least.isEmpty() || most.isEmpty() || key instanceof Double || key instanceof Float) {
      throw new Fault(kind(key) + " is no place of a list");
    }
    if (least.getAsInt() < 0 || most.getAsInt() >= 0) {
      throw new Fault("there is no such place");
    }
    int place = key instanceof Number number ? number.intValue() : Boolean.TRUE.equals(key) ? 1 : 0;
    return items.get(place < 0 ? place + items.size() : place);
  }

  private static List<?> items(@Nullable Object whole, String otherwise) throws Fault {
    return switch (whole) {
      case List<?> list -> list;
      case Tuple tuple -> tuple.items();
      case null, default -> throw new Fault("values such as " + kind(whole) + " " + otherwise);
    };
  }

  static int length(@Nullable Object value) throws Fault {
    return value instanceof String text
        ? text.codePointCount(0, text.length())
        : value instanceof Map<?, ?> map ? map.size() : items(value, "have no length").size();
  }

  /** Without what Python counts as white space at both ends. */
  static String strip(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && blank(text.charAt(from))) {
      from++;
    }
    while (to > from && blank(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  private static boolean blank(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
  }
}
