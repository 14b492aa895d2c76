package io.cotidal.feeds.filter;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes a filter down so that Python reads the same. */
final class Printed {
  private Printed() {}

  static String filter(Expr body) {
    return "lambda job: " + print(body);
  }

  static String print(Expr expr) {
    return switch (expr) {
      case Expr.Constant constant -> constant(constant.value());
      case Expr.Job _ -> "job";
      case Expr.Get get ->
          inner(get.target())
              + ".get("
              + print(get.key())
              + get.fallback().map(f -> ", " + print(f)).orElse("")
              + ")";
      case Expr.Item item -> inner(item.target()) + "[" + print(item.key()) + "]";
      case Expr.Row row -> row(row);
      case Expr.Not not -> "not " + inner(not.operand());
      case Expr.All all -> joined(all.operands(), " and ");
      case Expr.Any any -> joined(any.operands(), " or ");
      case Expr.Comparison comparison ->
          inner(comparison.first())
              + comparison.links().stream()
                  .map(link -> " " + link.operator().sign() + " " + inner(link.right()))
                  .collect(Collectors.joining());
      case Expr.Method method ->
          inner(method.target())
              + "."
              + method.verb().name().toLowerCase(Locale.ROOT)
              + "("
              + method.argument().map(Printed::print).orElse("")
              + ")";
      case Expr.Call call ->
          call.function().name().toLowerCase(Locale.ROOT) + "(" + print(call.argument()) + ")";
      case Expr.Choice choice ->
          inner(choice.then())
              + " if "
              + inner(choice.condition())
              + " else "
              + inner(choice.otherwise());
    };
  }

  private static String row(Expr.Row row) {
    String items = row.items().stream().map(Printed::print).collect(Collectors.joining(", "));
    return row.tuple() ? "(" + items + (row.items().size() == 1 ? ",)" : ")") : "[" + items + "]";
  }

  private static String joined(List<Expr> operands, String word) {
    return operands.stream().map(Printed::inner).collect(Collectors.joining(word));
  }

  private static String inner(Expr expr) {
    boolean plain =
        expr instanceof Expr.Job
            || expr instanceof Expr.Row
            || expr instanceof Expr.Call
            || (expr instanceof Expr.Constant constant
                && (constant.value() instanceof String || constant.value() instanceof Boolean));
    return plain ? print(expr) : "(" + print(expr) + ")";
  }

  private static String constant(Object value) {
    return switch (value) {
      case null -> "None";
      case Boolean truth -> truth ? "True" : "False";
      case String text -> text(text);
      default -> value.toString();
    };
  }

  private static String text(String text) {
    StringBuilder shown = new StringBuilder("'");
    text.codePoints()
        .forEach(c ->
            shown.append(
                c < ' ' || c > '~' || c == '\'' || c == '\\'
                    ? String.format(Locale.ROOT, "\\U%08x", c)
                    : Character.toString(c)));
    return shown.append("'").toString();
  }
}
