package io.cotidal.feeds.table;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** How the text of a value becomes the binary form that PostgreSQL's own function reads. */
enum Form {
  INT2 {
    @Override
    boolean write(byte[] text, int from, int to, Growing out) {
      long value = Numbers.whole(text, from, to, 5);
      out.two((int) value);
      return value == (short) value;
    }
  },
  INT4 {
    @Override
    boolean write(byte[] text, int from, int to, Growing out) {
      long value = Numbers.whole(text, from, to, 10);
      out.four((int) value);
      return value == (int) value;
    }
  },
  INT8 {
    @Override
    boolean write(byte[] text, int from, int to, Growing out) {
      long value = Numbers.whole(text, from, to, 19);
      out.eight(value);
      return value != Numbers.NONE;
    }
  },
  FLOAT8 {
    @Override
    boolean write(byte[] text, int from, int to, Growing out) {
      Optional<Double> value = Numbers.real(ascii(text, from, to));
      out.eight(Double.doubleToLongBits(value.orElse(0.0)));
      return value.isPresent();
    }
  },
  NUMERIC {
    @Override
    boolean write(byte[] text, int from, int to, Growing out) {
      return Numbers.numeric(text, from, to, out);
    }
  },
  BOOL {
    @Override
    boolean write(byte[] text, int from, int to, Growing out) {
      out.put(text[from] == 't' ? 1 : 0);
      return to - from == 1 && (text[from] == 't' || text[from] == 'f');
    }
  },
  DATE {
    @Override
    boolean write(byte[] text, int from, int to, Growing out) {
      Optional<Integer> days = Moments.days(ascii(text, from, to));
      out.four(days.orElse(0));
      return days.isPresent();
    }
  },
  TIMESTAMP {
    @Override
    boolean write(byte[] text, int from, int to, Growing out) {
      Optional<Long> micros = Moments.local(ascii(text, from, to));
      out.eight(micros.orElse(0L));
      return micros.isPresent();
    }
  },
  TIMESTAMPTZ {
    @Override
    boolean write(byte[] text, int from, int to, Growing out) {
      Optional<Long> micros = Moments.zoned(ascii(text, from, to));
      out.eight(micros.orElse(0L));
      return micros.isPresent();
    }
  },
  TEXT {
    @Override
    boolean write(byte[] text, int from, int to, Growing out) {
      return unescaped(text, from, to, out);
    }
  },
  GEOMETRY {
    @Override
    boolean write(byte[] text, int from, int to, Growing out) {
      return out.hex(text, from, to);
    }
  };

  private static final String ESCAPES = "bfnrtv\\";
  private static final String ESCAPED = "\b\f\n\r\t\u000b\\";

  /**
   * Of a type; empty if there is none.
   *
   * @param type PostgreSQL's own name for it, {@code geometry} for PostGIS's
   */
  static Optional<Form> of(String type) {
    return switch (type) {
      case "varchar", "bpchar" -> Optional.of(TEXT);
      case "int2",
          "int4",
          "int8",
          "float8",
          "numeric",
          "bool",
          "date",
          "timestamp",
          "timestamptz",
          "text",
          "geometry" ->
          Optional.of(valueOf(type.toUpperCase(Locale.ROOT)));
      default -> Optional.empty();
    };
  }

  /**
   * Puts the binary form of a value.
   *
   * @return false if it cannot be told; what was put is worth nothing then
   */
  abstract boolean write(byte[] text, int from, int to, Growing out);

  /** Whether a backslash has a place in it. */
  boolean text() {
    return this == TEXT;
  }

  private static String ascii(byte[] text, int from, int to) {
    return new String(text, from, to - from, StandardCharsets.ISO_8859_1);
  }

  private static boolean unescaped(byte[] text, int from, int to, Growing out) {
    int plain = from;
    for (int i = from; i < to; i++) {
      if (text[i] == '\\') {
        int which = i + 1 < to ? ESCAPES.indexOf(text[i + 1]) : -1;
        if (which < 0) {
          return false;
        }
        out.put(text, plain, i - plain);
        out.put(ESCAPED.charAt(which));
        i++;
        plain = i + 1;
      }
    }
    out.put(text, plain, to - plain);
    return true;
  }
}
