package io.cotidal.feeds.table;

import io.cotidal.pgclient.Quote;
import java.util.ArrayList;
import java.util.List;

/** Storage options: {@code fillfactor='70', toast.autovacuum_enabled='false'}. */
final class Storage {
  private Storage() {}

  /** Said anew, with commas. */
  static String of(List<Token> tokens) throws BadDump {
    Cursor cursor = new Cursor(tokens);
    List<String> options = new ArrayList<>();
    do {
      StringBuilder option = new StringBuilder(Quote.identifier(cursor.name()));
      if (cursor.skipSign(".")) {
        option.append(".").append(Quote.identifier(cursor.name()));
      }
      cursor.expectSign("=");
      Token value = cursor.peek();
      if (value.sign("-") || value.kind() == Token.Kind.NUMBER) {
        option.append("=").append(cursor.skipSign("-") ? "-" : "").append(value(cursor));
      } else {
        option.append("=").append(value(cursor));
      }
      options.add(option.toString());
    } while (cursor.skipSign(","));
    cursor.end();
    return String.join(", ", options);
  }

  private static String value(Cursor cursor) throws BadDump {
    Token value = cursor.take();
    return switch (value.kind()) {
      case NUMBER -> value.sql();
      case WORD, TEXT -> Quote.literal(value.text());
      case NAME, SIGN -> throw cursor.unexpected();
    };
  }
}
