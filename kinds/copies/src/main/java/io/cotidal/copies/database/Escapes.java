package io.cotidal.copies.database;

import java.nio.charset.StandardCharsets;

/** How texts are written in the languages that connection strings are read by. */
final class Escapes {
  private static final String UNRESERVED = "-._~";

  private Escapes() {}

  /** A part of a URL: every byte but letters, digits and {@code -._~} in percent form. */
  static String percent(String value) {
    StringBuilder text = new StringBuilder();
    for (byte one : value.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (one & 0xFF);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0);
      if (plain) {
        text.append(c);
      } else {
        text.append('%').append("0123456789ABCDEF".charAt(c >> 4));
        text.append("0123456789ABCDEF".charAt(c & 15));
      }
    }
    return text.toString();
  }

  /** One word of a POSIX shell. */
  static String shell(String value) {
    return "'" + value.replace("'", "'\\''") + "'";
  }

  /** A value between single quotes in PHP. */
  static String php(String value) {
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  /** A value of ODBC: braces keep every character. */
  static String odbc(String value) {
    return "{" + value.replace("}", "}}") + "}";
  }

  /** An address as URLs write it. */
  static String host(String host) {
    return host.contains(":") ? "[" + host + "]" : host;
  }

  /** A value between double quotes in JSON, which JavaScript reads too. */
  static String json(String value) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ' || c == 0x2028 || c == 0x2029) {
        text.append("\\u%04x".formatted((int) c));
      } else {
        text.append(c);
      }
    }
    return text.append('"').toString();
  }
}
