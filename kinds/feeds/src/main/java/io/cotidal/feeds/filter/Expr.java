package io.cotidal.feeds.filter;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A part of a filter, with where it stands in the text. */
sealed interface Expr {
  /** From which character to before which. */
  Span at();

  /** A stretch of the text. */
  record Span(int from, int to) {}

  /** {@code None}, a boolean, a number or a text. */
  record Constant(Span at, @Nullable Object value) implements Expr {}

  /** The job itself. */
  record Job(Span at) implements Expr {}

  /** {@code target.get(key, fallback)}. */
  record Get(Span at, Expr target, Expr key, Optional<Expr> fallback) implements Expr {}

  /** {@code target[key]}. */
  record Item(Span at, Expr target, Expr key) implements Expr {}

  /** A list or a tuple. */
  record Row(Span at, List<Expr> items, boolean tuple) implements Expr {
    public Row {
      items = List.copyOf(items);
    }
  }

  /** {@code not operand}. */
  record Not(Span at, Expr operand) implements Expr {}

  /** Operands with {@code and} between them. */
  record All(Span at, List<Expr> operands) implements Expr {
    public All {
      operands = List.copyOf(operands);
    }
  }

  /** Operands with {@code or} between them. */
  record Any(Span at, List<Expr> operands) implements Expr {
    public Any {
      operands = List.copyOf(operands);
    }
  }

  /** {@code first < second < third}. */
  record Comparison(Span at, Expr first, List<Link> links) implements Expr {
    public Comparison {
      links = List.copyOf(links);
    }
  }

  /** One operator of a comparison with what stands right of it. */
  record Link(Operator operator, Expr right) {}

  /** {@code target.method(arguments)}. */
  record Method(Span at, Expr target, Verb verb, Optional<Expr> argument) implements Expr {}

  /** {@code len(argument)} or {@code bool(argument)}. */
  record Call(Span at, Function function, Expr argument) implements Expr {}

  /** {@code then if condition else otherwise}. */
  record Choice(Span at, Expr then, Expr condition, Expr otherwise) implements Expr {}

  /** How two values are compared. */
  enum Operator {
    EQUAL("=="),
    UNEQUAL("!="),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    MORE(">"),
    MORE_OR_EQUAL(">="),
    IN("in"),
    NOT_IN("not in"),
    IS("is"),
    IS_NOT("is not");

    private final String sign;

    Operator(String sign) {
      this.sign = sign;
    }

    String sign() {
      return sign;
    }
  }

  /** What can be asked of a text. */
  enum Verb {
    STARTSWITH(true),
    ENDSWITH(true),
    LOWER(false),
    UPPER(false),
    STRIP(false);

    private final boolean argument;

    Verb(boolean argument) {
      this.argument = argument;
    }

    boolean takesArgument() {
      return argument;
    }
  }

  /** Functions of one value. */
  enum Function {
    LEN,
    BOOL
  }
}
