package io.cotidal.feeds.filter;

import io.cotidal.feeds.filter.Expr.Link;
import io.cotidal.feeds.filter.Expr.Operator;
import io.cotidal.feeds.filter.Expr.Span;
import io.cotidal.feeds.filter.Expr.Verb;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/** Filters and jobs of every shape, from a seed. */
final class RandomFilters {
  private static final Span NOWHERE = new Span(0, 0);
  private static final List<String> KEYS = List.of("a", "b", "c", "missing", "it's");
  private static final List<String> TEXTS =
      List.of(
          "", "a", "abc", "B ", " \u00a0x\t", "it's \"q\" \\ \n", "\u00e4\ud83d\ude00z", "\uffff");

  private final Random random;

  RandomFilters(long seed) {
    random = new Random(seed);
  }

  Expr filter() {
    return expr(4);
  }

  /** A job as JSON gives it: texts, numbers, booleans, nulls, lists and maps. */
  Map<String, Object> job() {
    Map<String, Object> job = new LinkedHashMap<>();
    for (String key : KEYS.subList(0, 3)) {
      job.put(key, value(2));
    }
    return job;
  }

  private Object value(int depth) {
    return switch (random.nextInt(depth > 0 ? 7 : 5)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2 -> (long) random.nextInt(5) - 2;
      case 3 -> random.nextInt(8) / 4.0 - 0.5;
      case 4 -> pick(TEXTS);
      case 5 -> List.of(Optional.ofNullable(value(0)).orElse("n"), 1L);
      default -> {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("a", value(depth - 1));
        yield map;
      }
    };
  }

  private Expr expr(int depth) {
    if (depth == 0) {
      return leaf();
    }
    Supplier<Expr> sub = () -> expr(depth - 1);
    return switch (random.nextInt(13)) {
      case 0 -> new Expr.Get(NOWHERE, target(sub), key(), Optional.empty());
      case 1 -> new Expr.Get(NOWHERE, target(sub), key(), Optional.of(sub.get()));
      case 2 -> new Expr.Item(NOWHERE, target(sub), random.nextInt(4) == 0 ? sub.get() : key());
      case 3 -> new Expr.Row(NOWHERE, some(sub, 0), random.nextBoolean());
      case 4 -> new Expr.Not(NOWHERE, sub.get());
      case 5 -> new Expr.All(NOWHERE, some(sub, 2));
      case 6 -> new Expr.Any(NOWHERE, some(sub, 2));
      case 7, 8, 9 -> comparison(sub);
      case 10 -> method(sub);
      case 11 ->
          new Expr.Call(
              NOWHERE, random.nextBoolean() ? Expr.Function.LEN : Expr.Function.BOOL, sub.get());
      default -> new Expr.Choice(NOWHERE, sub.get(), sub.get(), sub.get());
    };
  }

  private Expr leaf() {
    return switch (random.nextInt(6)) {
      case 0 -> new Expr.Job(NOWHERE);
      case 1 -> constant(BigInteger.valueOf(random.nextInt(6) - 3));
      case 2 -> constant(random.nextInt(8) / 4.0 - 1);
      case 3 -> random.nextBoolean() ? constant(random.nextBoolean()) : constant(null);
      case 4 -> constant(pick(TEXTS));
      default -> new Expr.Get(NOWHERE, new Expr.Job(NOWHERE), key(), Optional.empty());
    };
  }

  /** Mostly the job, for what has no keys has little to say. */
  private Expr target(Supplier<Expr> sub) {
    return random.nextInt(3) > 0 ? new Expr.Job(NOWHERE) : sub.get();
  }

  private Expr comparison(Supplier<Expr> sub) {
    List<Link> links = new ArrayList<>();
    int count = random.nextInt(4) == 0 ? 2 : 1;
    for (int i = 0; i < count; i++) {
      Operator operator = pick(List.of(Operator.values()));
      boolean identity = operator == Operator.IS || operator == Operator.IS_NOT;
      links.add(
          new Link(operator, identity ? constant(random.nextBoolean() ? true : null) : sub.get()));
    }
    return new Expr.Comparison(NOWHERE, sub.get(), links);
  }

  private Expr method(Supplier<Expr> sub) {
    Verb verb = pick(List.of(Verb.values()));
    Expr target = random.nextBoolean() ? constant(pick(TEXTS)) : sub.get();
    return new Expr.Method(
        NOWHERE, target, verb, verb.takesArgument() ? Optional.of(sub.get()) : Optional.empty());
  }

  private List<Expr> some(Supplier<Expr> sub, int least) {
    List<Expr> some = new ArrayList<>();
    int count = least + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      some.add(sub.get());
    }
    return some;
  }

  private Expr key() {
    return constant(pick(KEYS));
  }

  private static Expr constant(Object value) {
    return new Expr.Constant(NOWHERE, value);
  }

  private <T> T pick(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
