package io.cotidal.feeds.filter;

import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Which of two values comes first. Values of two kinds have no order. */
final class Order {
  private Order() {}

  static boolean holds(@Nullable Object left, Expr.Operator operator, @Nullable Object right)
      throws Fault {
    if (left instanceof List<?> a && right instanceof List<?> b) {
      return items(a, operator, b);
    }
    if (left instanceof Values.Tuple a && right instanceof Values.Tuple b) {
      return items(a.items(), operator, b.items());
    }
    if (left instanceof String a && right instanceof String b) {
      return holds(operator, codePoints(a, b));
    }
    if (Values.numeric(left) && Values.numeric(right)) {
      OptionalInt compared = Values.compared(left, right);
      return compared.isPresent() && holds(operator, compared.getAsInt());
    }
    throw new Fault(Values.kind(left) + " and " + Values.kind(right) + " have no order");
  }

  private static boolean holds(Expr.Operator operator, int compared) {
    return switch (operator) {
      case LESS -> compared < 0;
      case LESS_OR_EQUAL -> compared <= 0;
      case MORE -> compared > 0;
      case MORE_OR_EQUAL -> compared >= 0;
      case EQUAL, IN, IS -> compared == 0;
      case UNEQUAL, NOT_IN, IS_NOT -> compared != 0;
    };
  }

  /** The first items that are not equal decide; else the shorter one comes first. */
  private static boolean items(List<?> a, Expr.Operator operator, List<?> b) throws Fault {
    int shorter = Math.min(a.size(), b.size());
    for (int i = 0; i < shorter; i++) {
      if (!Values.equal(a.get(i), b.get(i))) {
        return flat(a.get(i), operator, b.get(i));
      }
    }
    return holds(operator, Integer.compare(a.size(), b.size()));
  }

  private static boolean flat(@Nullable Object a, Expr.Operator operator, @Nullable Object b)
      throws Fault {
    if (a instanceof List || a instanceof Values.Tuple) {
      throw new Fault("lists in lists have no order here");
    }
    return holds(a, operator, b);
  }

  /** Python orders by characters, not by halves of surrogates. */
  private static int codePoints(String a, String b) {
    int i = 0;
    while (i < a.length() && i < b.length() && a.charAt(i) == b.charAt(i)) {
      i++;
    }
    if (i == a.length() || i == b.length()) {
      return Integer.compare(a.length(), b.length());
    }
    boolean torn = i > 0 && Character.isHighSurrogate(a.charAt(i - 1));
    int from = torn ? i - 1 : i;
    return Integer.compare(a.codePointAt(from), b.codePointAt(from));
  }
}
