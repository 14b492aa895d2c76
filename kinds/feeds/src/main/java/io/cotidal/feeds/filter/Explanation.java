package io.cotidal.feeds.filter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says which part of a filter decided, and what it saw. */
final class Explanation {
  private static final Pattern SECRET =
      Pattern.compile("pass|secret|token|credential", Pattern.CASE_INSENSITIVE);
  private static final Pattern LOGIN = Pattern.compile("//[^/@\\s]*@");
  private static final int LONGEST = 200;
  private static final int LONGEST_VALUE = 60;
  private static final int MOST_READS = 4;

  private final String text;
  private final Evaluation evaluation;

  Explanation(String text, Evaluation evaluation) {
    this.text = text;
    this.evaluation = evaluation;
  }

  /** As it is written, on one line. */
  String source(Expr expr) {
    String part = Refusal.line(text.substring(expr.at().from(), expr.at().to()));
    return part.length() > LONGEST ? Refusal.clip(part, LONGEST) + "…" : part;
  }

  /** Why Python would have stopped. */
  String fault(Fault fault) {
    return fault.where().map(this::source).orElse("")
        + ": "
        + fault.reason()
        + ", so the job is excluded";
  }

  /** The smallest part of {@code expr}, which is not true, that explains why. */
  String refusal(Expr expr) {
    Expr decided = decided(expr);
    Map<String, String> seen = new LinkedHashMap<>();
    for (Expr read : reads(decided)) {
      if (seen.size() < MOST_READS) {
        seen.put(source(read), shown(read));
      }
    }
    String clause = source(decided);
    if (seen.isEmpty()) {
      return clause;
    }
    String own = seen.get(clause);
    return own != null
        ? clause + ", which is " + own
        : clause
            + ", where "
            + String.join(
                " and ",
                seen.entrySet().stream().map(e -> e.getKey() + " is " + e.getValue()).toList());
  }

  private Expr decided(Expr expr) {
    return switch (expr) {
      case Expr.All all ->
          all.operands().stream()
              .filter(operand -> !holds(operand))
              .findFirst()
              .map(this::decided)
              .orElse(expr);
      case Expr.Choice choice ->
          decided(holds(choice.condition()) ? choice.then() : choice.otherwise());
      case Expr.Call call when call.function() == Expr.Function.BOOL -> decided(call.argument());
      case Expr.Constant _,
          Expr.Job _,
          Expr.Get _,
          Expr.Item _,
          Expr.Row _,
          Expr.Not _,
          Expr.Any _,
          Expr.Comparison _,
          Expr.Method _,
          Expr.Call _ ->
          expr;
    };
  }

  private boolean holds(Expr expr) {
    try {
      return evaluation.truth(expr);
    } catch (Fault e) {
      return false;
    }
  }

  /** What of the job is looked at. */
  private static List<Expr> reads(Expr expr) {
    List<Expr> reads = new ArrayList<>();
    collect(expr, reads);
    return reads;
  }

  private static void collect(Expr expr, List<Expr> reads) {
    if (expr instanceof Expr.Get || expr instanceof Expr.Item) {
      reads.add(expr);
    } else {
      parts(expr).forEach(part -> collect(part, reads));
    }
  }

  private static Stream<Expr> parts(Expr expr) {
    return switch (expr) {
      case Expr.Constant _, Expr.Job _ -> Stream.of();
      case Expr.Get get ->
          Stream.concat(Stream.of(get.target(), get.key()), get.fallback().stream());
      case Expr.Item item -> Stream.of(item.target(), item.key());
      case Expr.Row row -> row.items().stream();
      case Expr.Not not -> Stream.of(not.operand());
      case Expr.All all -> all.operands().stream();
      case Expr.Any any -> any.operands().stream();
      case Expr.Comparison comparison ->
          Stream.concat(
              Stream.of(comparison.first()), comparison.links().stream().map(Expr.Link::right));
      case Expr.Method method ->
          Stream.concat(Stream.of(method.target()), method.argument().stream());
      case Expr.Call call -> Stream.of(call.argument());
      case Expr.Choice choice -> Stream.of(choice.then(), choice.condition(), choice.otherwise());
    };
  }

  private String shown(Expr read) {
    if (secret(read)) {
      return "***";
    }
    try {
      return shown(evaluation.value(read));
    } catch (Fault fault) {
      return "unknown (" + fault.reason() + ")";
    }
  }

  private static boolean secret(Expr expr) {
    return expr instanceof Expr.Constant constant
        ? constant.value() instanceof String key && SECRET.matcher(key).find()
        : parts(expr).anyMatch(Explanation::secret);
  }

  private static String shown(@Nullable Object value) {
    return switch (value) {
      case null -> "None";
      case Boolean truth -> truth ? "True" : "False";
      case String text -> {
        String line = LOGIN.matcher(Refusal.line(text)).replaceAll("//***@");
        yield "'" + clipped(line) + "'";
      }
      case List<?> list -> list.size() == 1 ? "a list of 1" : "a list of " + list.size();
      case Number number when Values.numeric(number) -> clipped(number.toString());
      default -> Values.kind(value);
    };
  }

  private static String clipped(String line) {
    return line.length() > LONGEST_VALUE ? Refusal.clip(line, LONGEST_VALUE) + "…" : line;
  }
}
