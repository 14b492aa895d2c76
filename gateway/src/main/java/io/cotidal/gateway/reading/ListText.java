package io.cotidal.gateway.reading;

import io.cotidal.objects.swift.AccountPage.Row;
import java.util.List;
import java.util.Locale;

/** The list of an account as Swift writes it, to the byte. */
enum ListText {
  /** A name a line. */
  PLAIN,
  /** As Python writes it. */
  JSON,
  /** As Python's ElementTree writes it. */
  XML;

  /** That of a content type. */
  static ListText of(String type) {
    String lower = type.toLowerCase(Locale.ROOT);
    if (lower.contains("json")) {
      return JSON;
    }
    return lower.contains("xml") ? XML : PLAIN;
  }

  /** The whole list. */
  String write(String account, List<Row> rows) {
    StringBuilder text = new StringBuilder(64 + rows.size() * 128);
    switch (this) {
      case PLAIN -> rows.forEach(row -> text.append(row.name()).append('\n'));
      case JSON -> {
        text.append('[');
        for (Row row : rows) {
          text.append(text.length() == 1 ? "" : ", ");
          json(text, row);
        }
        text.append(']');
      }
      case XML -> {
        text.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<account name=\"");
        attribute(text, account);
        text.append("\">\n");
        rows.forEach(row -> xml(text, row));
        text.append("</account>");
      }
    }
    return text.toString();
  }

  private static void json(StringBuilder text, Row row) {
    text.append(row.several() ? "{\"subdir\": \"" : "{\"name\": \"");
    quoted(text, row.name());
    if (!row.several()) {
      text.append("\", \"count\": ").append(row.objects());
      text.append(", \"bytes\": ").append(row.bytes());
      text.append(", \"last_modified\": \"");
      quoted(text, row.written());
    }
    text.append("\"}");
  }

  private static void quoted(StringBuilder text, String words) {
    for (int i = 0; i < words.length(); i++) {
      char c = words.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        case '\f' -> text.append("\\f");
        case '\b' -> text.append("\\b");
        default -> {
          if (c >= ' ' && c <= '~') {
            text.append(c);
          } else {
            text.append("\\u%04x".formatted((int) c));
          }
        }
      }
    }
  }

  private static void xml(StringBuilder text, Row row) {
    if (row.several()) {
      text.append("<subdir name=\"");
      attribute(text, row.name());
      text.append("\" />\n");
      return;
    }
    text.append("<container><name>");
    escaped(text, row.name());
    text.append("</name><count>").append(row.objects());
    text.append("</count><bytes>").append(row.bytes());
    text.append("</bytes><last_modified>");
    escaped(text, row.written());
    text.append("</last_modified></container>\n");
  }

  private static void escaped(StringBuilder text, String words) {
    text.append(words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
  }

  private static void attribute(StringBuilder text, String words) {
    StringBuilder inner = new StringBuilder();
    escaped(inner, words);
    text.append(
        inner
            .toString()
            .replace("\"", "&quot;")
            .replace("\r", "&#13;")
            .replace("\n", "&#10;")
            .replace("\t", "&#09;"));
  }
}
