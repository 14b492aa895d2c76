package io.cotidal.feeds.filter;

import io.cotidal.feeds.filter.Token.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Cuts a filter into its words. */
final class Lexer {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*+");
  private static final Pattern NUMBER =
      Pattern.compile("(?:[0-9]++(?:\\.[0-9]*+)?+|\\.[0-9]++)(?:[eE][+-]?+[0-9]++)?+");
  private static final Pattern SIGN = Pattern.compile("==|!=|<=|>=|[<>()\\[\\],.:-]");
  private static final String ALLOWED =
      "a name, a number, a text in quotes, or one of == != < <= > >= ( ) [ ] , . :";

  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int next;

  private Lexer(String text) {
    this.text = text;
  }

  /** The words, and the end behind them. */
  static List<Token> cut(String text) {
    Lexer lexer = new Lexer(text);
    while (lexer.skipBlanks()) {
      lexer.word();
    }
    lexer.tokens.add(new Token(Kind.END, "", null, text.length(), text.length()));
    return lexer.tokens;
  }

  private boolean skipBlanks() {
    while (next < text.length() && " \t\r\n\f".indexOf(text.charAt(next)) >= 0) {
      next++;
    }
    return next < text.length();
  }

  private void word() {
    char c = text.charAt(next);
    boolean marked = (c == 'u' || c == 'U') && next + 1 < text.length() && quote(next + 1);
    if (marked || quote(next)) {
      Literal literal = Literal.read(text, marked ? next + 1 : next);
      add(Kind.TEXT, literal.value(), literal.end());
      return;
    }
    Matcher name = at(NAME);
    if (name.lookingAt()) {
      if (name.end() < text.length() && quote(name.end())) {
        throw Refusal.at(
            text, next, Refusal.quoted(name.group()) + " before a text", "nothing, or u");
      }
      add(Kind.NAME, null, name.end());
      return;
    }
    Matcher number = at(NUMBER);
    if (number.lookingAt()) {
      number(number);
      return;
    }
    Matcher sign = at(SIGN);
    if (!sign.lookingAt()) {
      String found = new String(Character.toChars(text.codePointAt(next)));
      throw Refusal.at(text, next, Refusal.quoted(found), ALLOWED);
    }
    add(Kind.SIGN, null, sign.end());
  }

  private boolean quote(int at) {
    return text.charAt(at) == '\'' || text.charAt(at) == '"';
  }

  private Matcher at(Pattern pattern) {
    return pattern.matcher(text).region(next, text.length());
  }

  private void number(Matcher number) {
    String digits = number.group();
    boolean whole = digits.chars().allMatch(c -> c >= '0' && c <= '9');
    boolean led = whole && digits.charAt(0) == '0' && !digits.matches("0+");
    boolean glued = number.end() < text.length() && letter(text.charAt(number.end()));
    if (led || glued) {
      throw Refusal.at(
          text, next, Refusal.quoted(digits) + " and more", "a number such as 12 or 1.5");
    }
    add(Kind.NUMBER, whole ? new BigInteger(digits) : Double.valueOf(digits), number.end());
  }

  private static boolean letter(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }

  private void add(Kind kind, @Nullable Object value, int end) {
    tokens.add(new Token(kind, text.substring(next, end), value, next, end));
    next = end;
  }
}
