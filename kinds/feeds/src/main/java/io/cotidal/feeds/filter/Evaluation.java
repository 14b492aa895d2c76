package io.cotidal.feeds.filter;

import io.cotidal.feeds.filter.Expr.Link;
import io.cotidal.feeds.filter.Expr.Verb;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the parts of a filter come to for one job. */
final class Evaluation {
  private final Map<String, Object> job;

  Evaluation(Map<String, Object> job) {
    this.job = job;
  }

  boolean truth(Expr expr) throws Fault {
    return Values.truth(value(expr));
  }

  @Nullable Object value(Expr expr) throws Fault {
    try {
      return of(expr);
    } catch (Fault fault) {
      throw fault.at(expr);
    }
  }

  private @Nullable Object of(Expr expr) throws Fault {
    return switch (expr) {
      case Expr.Constant constant -> constant.value();
      case Expr.Job _ -> job;
      case Expr.Get get -> get(get);
      case Expr.Item item -> Values.item(value(item.target()), value(item.key()));
      case Expr.Row row -> row(row);
      case Expr.Not not -> !truth(not.operand());
      case Expr.All all -> firstOr(all.operands(), false);
      case Expr.Any any -> firstOr(any.operands(), true);
      case Expr.Comparison comparison -> comparison(comparison);
      case Expr.Method method -> method(method);
      case Expr.Call call -> call(call);
      case Expr.Choice choice ->
          value(truth(choice.condition()) ? choice.then() : choice.otherwise());
    };
  }

  private @Nullable Object get(Expr.Get get) throws Fault {
    Object target = value(get.target());
    Object key = value(get.key());
    Object fallback = get.fallback().isPresent() ? value(get.fallback().get()) : null;
    if (!(target instanceof Map<?, ?> map)) {
      throw new Fault(Values.kind(target) + " has no get()");
    }
    return Values.has(map, key) ? map.get(key) : fallback;
  }

  private Object row(Expr.Row row) throws Fault {
    List<@Nullable Object> items = new ArrayList<>();
    for (Expr item : row.items()) {
      items.add(value(item));
    }
    return row.tuple() ? new Values.Tuple(items) : items;
  }

  /** The first operand that is so, else the last: what comes after it is not looked at. */
  private @Nullable Object firstOr(List<Expr> operands, boolean wanted) throws Fault {
    Object value = null;
    for (Expr operand : operands) {
      value = value(operand);
      if (Values.truth(value) == wanted) {
        return value;
      }
    }
    return value;
  }

  private boolean comparison(Expr.Comparison comparison) throws Fault {
    Object left = value(comparison.first());
    for (Link link : comparison.links()) {
      Object right = value(link.right());
      if (!holds(left, link.operator(), right)) {
        return false;
      }
      left = right;
    }
    return true;
  }

  private static boolean holds(
      @Nullable Object left, Expr.Operator operator, @Nullable Object right) throws Fault {
    return switch (operator) {
      case EQUAL -> Values.equal(left, right);
      case UNEQUAL -> !Values.equal(left, right);
      case LESS, LESS_OR_EQUAL, MORE, MORE_OR_EQUAL -> Order.holds(left, operator, right);
      case IN -> Values.contains(right, left);
      case NOT_IN -> !Values.contains(right, left);
      case IS -> same(left, right);
      case IS_NOT -> !same(left, right);
    };
  }

  /** The right one is None or a boolean. */
  private static boolean same(@Nullable Object left, @Nullable Object right) {
    return right == null ? left == null : right.equals(left);
  }

  private Object method(Expr.Method method) throws Fault {
    Object target = value(method.target());
    Object argument = method.argument().isPresent() ? value(method.argument().get()) : null;
    String verb = method.verb().name().toLowerCase(Locale.ROOT);
    if (!(target instanceof String text)) {
      throw new Fault(Values.kind(target) + " has no " + verb + "()");
    }
    return switch (method.verb()) {
      case LOWER -> text.toLowerCase(Locale.ROOT);
      case UPPER -> text.toUpperCase(Locale.ROOT);
      case STRIP -> Values.strip(text);
      case STARTSWITH, ENDSWITH -> affix(text, method.verb(), argument);
    };
  }

  private static boolean affix(String text, Verb verb, @Nullable Object argument) throws Fault {
    List<?> affixes =
        argument instanceof Values.Tuple tuple
            ? tuple.items()
            : argument instanceof String one ? List.of(one) : List.of(0);
    for (Object affix : affixes) {
      if (!(affix instanceof String part)) {
        throw new Fault("only texts can be looked for, alone or in ( )");
      }
      if (verb == Verb.STARTSWITH ? text.startsWith(part) : text.endsWith(part)) {
        return true;
      }
    }
    return false;
  }

  private Object call(Expr.Call call) throws Fault {
    Object argument = value(call.argument());
    return switch (call.function()) {
      case BOOL -> Values.truth(argument);
      case LEN -> BigInteger.valueOf(Values.length(argument));
    };
  }
}
