package io.cotidal.feeds.table;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a dump says of sequences. */
final class Sequences {
  private Sequences() {}

  /** The options up to the end of the statement, with a space before each. */
  static String options(Cursor cursor) throws BadDump {
    StringBuilder options = new StringBuilder();
    while (!cursor.over()) {
      if (cursor.skip("as")) {
        options.append(" AS ").append(Keys.oneOf(cursor, "smallint", "integer", "bigint"));
      } else if (cursor.skip("start", "with")) {
        options.append(" START WITH ").append(cursor.number());
      } else if (cursor.skip("increment", "by")) {
        options.append(" INCREMENT BY ").append(cursor.number());
      } else if (cursor.skip("no", "minvalue")) {
        options.append(" NO MINVALUE");
      } else if (cursor.skip("no", "maxvalue")) {
        options.append(" NO MAXVALUE");
      } else if (cursor.skip("minvalue")) {
        options.append(" MINVALUE ").append(cursor.number());
      } else if (cursor.skip("maxvalue")) {
        options.append(" MAXVALUE ").append(cursor.number());
      } else if (cursor.skip("cache")) {
        options.append(" CACHE ").append(cursor.number());
      } else {
        cursor.expect("cycle");
        options.append(" CYCLE");
      }
    }
    return options.toString();
  }

  /** The words of a name that stands in a text: {@code sites_data."Odd_seq"}. */
  static List<Token> words(String text) throws BadDump {
    try {
      byte[] bytes = (text + ";").getBytes(StandardCharsets.UTF_8);
      return new Script(new ByteArrayInputStream(bytes)).next();
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory cannot fail", e);
    }
  }
}
