package io.cotidal.feeds.filter;

import io.cotidal.feeds.filter.Expr.Function;
import io.cotidal.feeds.filter.Expr.Link;
import io.cotidal.feeds.filter.Expr.Operator;
import io.cotidal.feeds.filter.Expr.Span;
import io.cotidal.feeds.filter.Expr.Verb;
import io.cotidal.feeds.filter.Token.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads {@code lambda NAME: EXPRESSION}; one method a level of Python's precedence. */
final class Parser {
  private static final Set<String> KEYWORDS =
      Set.of(
          ("False None True and as assert async await break class continue def del elif else except"
                  + " finally for from global if import in is lambda nonlocal not or pass raise"
                  + " return try while with yield")
              .split(" "));

  private static final String VALUE =
      "the job's name, a text, a number, True, False, None, not, len(…), bool(…), ( or [";
  private static final String MORE =
      "a comparison (== != < <= > >= in is), and, or, if, a closing bracket, or the end";
  private static final String METHODS = "get, startswith, endswith, lower, upper or strip";

  private final String text;
  private final List<Token> tokens;
  private String job = "";
  private int next;
  private int depth;

  private Parser(String text) {
    this.text = text;
    this.tokens = Lexer.cut(text);
  }

  /** The expression behind the colon. */
  static Expr parse(String text) {
    Parser parser = new Parser(text);
    parser.expect("lambda", "lambda NAME: EXPRESSION");
    Token name = parser.take();
    if (name.kind() != Kind.NAME || KEYWORDS.contains(name.text())) {
      throw parser.unexpected(name, "a name for the job");
    }
    parser.job = name.text();
    parser.expect(":", "a colon");
    Expr body = parser.expression();
    if (parser.peek().kind() != Kind.END) {
      throw parser.unexpected(parser.peek(), MORE);
    }
    return body;
  }

  private Expr expression() {
    deepen();
    int from = peek().from();
    Expr then = any();
    Expr whole = then;
    if (accept("if")) {
      Expr condition = any();
      expect("else", "else");
      Expr otherwise = expression();
      whole = new Expr.Choice(new Span(from, end()), then, condition, otherwise);
    }
    depth--;
    return whole;
  }

  private Expr any() {
    int from = peek().from();
    List<Expr> operands = new ArrayList<>(List.of(all()));
    while (accept("or")) {
      operands.add(all());
    }
    return operands.size() == 1
        ? operands.getFirst()
        : new Expr.Any(new Span(from, end()), operands);
  }

  private Expr all() {
    int from = peek().from();
    List<Expr> operands = new ArrayList<>(List.of(not()));
    while (accept("and")) {
      operands.add(not());
    }
    return operands.size() == 1
        ? operands.getFirst()
        : new Expr.All(new Span(from, end()), operands);
  }

  private Expr not() {
    int from = peek().from();
    if (!accept("not")) {
      return comparison();
    }
    deepen();
    Expr operand = not();
    depth--;
    return new Expr.Not(new Span(from, end()), operand);
  }

  private Expr comparison() {
    int from = peek().from();
    Expr first = operand();
    List<Link> links = new ArrayList<>();
    Optional<Operator> operator = operator();
    while (operator.isPresent()) {
      Token token = peek();
      Expr right = operand();
      if (identity(operator.get()) && !single(right)) {
        throw unexpected(token, "None, True or False; compare others with == and !=");
      }
      links.add(new Link(operator.get(), right));
      operator = operator();
    }
    return links.isEmpty() ? first : new Expr.Comparison(new Span(from, end()), first, links);
  }

  private static boolean identity(Operator operator) {
    return operator == Operator.IS || operator == Operator.IS_NOT;
  }

  /** Of these there is one each, so that being it and being equal to it can be told apart. */
  private static boolean single(Expr expr) {
    return expr instanceof Expr.Constant constant
        && (constant.value() == null || constant.value() instanceof Boolean);
  }

  private Optional<Operator> operator() {
    if (peek().is("not") && tokens.get(next + 1).is("in")) {
      next += 2;
      return Optional.of(Operator.NOT_IN);
    }
    if (accept("is")) {
      return Optional.of(accept("not") ? Operator.IS_NOT : Operator.IS);
    }
    for (Operator one : Operator.values()) {
      if (accept(one.sign())) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }

  private Expr operand() {
    int from = peek().from();
    if (accept("-")) {
      Token number = take();
      Object value =
          switch (number.value()) {
            case BigInteger whole -> whole.negate();
            case Double real -> -real;
            case null, default -> throw unexpected(number, "a number");
          };
      return new Expr.Constant(new Span(from, end()), value);
    }
    int before = depth;
    Expr expr = atom();
    while (peek().is(".") || peek().is("[")) {
      deepen();
      expr = accept("[") ? item(from, expr) : method(from, expr);
    }
    depth = before;
    return expr;
  }

  private Expr item(int from, Expr target) {
    Expr key = expression();
    expect("]", "]");
    return new Expr.Item(new Span(from, end()), target, key);
  }

  private Expr method(int from, Expr target) {
    expect(".", ".");
    Token name = take();
    if (name.is("get")) {
      expect("(", "(");
      Expr key = expression();
      Optional<Expr> fallback = accept(",") ? Optional.of(expression()) : Optional.empty();
      expect(")", fallback.isPresent() ? ")" : ", or )");
      return new Expr.Get(new Span(from, end()), target, key, fallback);
    }
    Verb verb = verb(name);
    expect("(", "(");
    Optional<Expr> argument = verb.takesArgument() ? Optional.of(expression()) : Optional.empty();
    expect(")", ")");
    return new Expr.Method(new Span(from, end()), target, verb, argument);
  }

  private Verb verb(Token name) {
    for (Verb verb : Verb.values()) {
      if (name.is(verb.name().toLowerCase(Locale.ROOT))) {
        return verb;
      }
    }
    throw unexpected(name, METHODS);
  }

  private Expr atom() {
    Token token = take();
    Span at = new Span(token.from(), token.to());
    return switch (token.kind()) {
      case NUMBER, TEXT -> new Expr.Constant(at, token.value());
      case NAME -> named(token, at);
      case SIGN -> bracket(token);
      case END -> throw unexpected(token, VALUE);
    };
  }

  private Expr named(Token token, Span at) {
    if (token.text().equals(job)) {
      return new Expr.Job(at);
    }
    return switch (token.text()) {
      case "True" -> new Expr.Constant(at, true);
      case "False" -> new Expr.Constant(at, false);
      case "None" -> new Expr.Constant(at, null);
      case "len" -> call(token, Function.LEN);
      case "bool" -> call(token, Function.BOOL);
      default -> throw unexpected(token, VALUE);
    };
  }

  private Expr call(Token token, Function function) {
    expect("(", "(");
    Expr argument = expression();
    expect(")", ")");
    return new Expr.Call(new Span(token.from(), end()), function, argument);
  }

  private Expr bracket(Token open) {
    if (open.is("[")) {
      List<Expr> items = items("]", new ArrayList<>());
      return new Expr.Row(new Span(open.from(), end()), items, false);
    }
    if (!open.is("(")) {
      throw unexpected(open, VALUE);
    }
    if (accept(")")) {
      return new Expr.Row(new Span(open.from(), end()), List.of(), true);
    }
    Expr first = expression();
    if (accept(")")) {
      return first;
    }
    expect(",", ", or )");
    List<Expr> items = items(")", new ArrayList<>(List.of(first)));
    return new Expr.Row(new Span(open.from(), end()), items, true);
  }

  private List<Expr> items(String close, List<Expr> items) {
    while (!accept(close)) {
      items.add(expression());
      if (!peek().is(close)) {
        expect(",", ", or " + close);
      }
    }
    return items;
  }

  private void deepen() {
    depth++;
    if (depth > Filter.DEEPEST) {
      throw unexpected(peek(), "nothing that nests deeper than " + Filter.DEEPEST);
    }
  }

  private Token peek() {
    return tokens.get(next);
  }

  private Token take() {
    Token token = peek();
    next = Math.min(next + 1, tokens.size() - 1);
    return token;
  }

  private boolean accept(String word) {
    boolean here = peek().is(word);
    next += here ? 1 : 0;
    return here;
  }

  private void expect(String word, String allowed) {
    if (!accept(word)) {
      throw unexpected(peek(), allowed);
    }
  }

  private int end() {
    return tokens.get(next - 1).to();
  }

  private IllegalArgumentException unexpected(Token token, String allowed) {
    return Refusal.at(text, token.from(), token.shown(), allowed);
  }
}
