package io.cotidal.lab.swift;

import java.util.LinkedHashMap;
import java.util.Map;

/** A configuration file of sections and lines. */
final class Ini {
  private final Map<String, Map<String, String>> sections = new LinkedHashMap<>();

  /** Sets a line; a later one of the same key goes before an earlier one. */
  Ini put(String section, String key, String value) {
    sections.computeIfAbsent(section, name -> new LinkedHashMap<>()).put(key, value);
    return this;
  }

  /** Sets the lines {@code key = value} of a text. */
  Ini put(String section, String lines) {
    for (String line : lines.strip().split("\n")) {
      int sign = line.indexOf('=');
      put(section, line.substring(0, sign).strip(), line.substring(sign + 1).strip());
    }
    return this;
  }

  /** As it lies in the file. */
  String text() {
    StringBuilder text = new StringBuilder();
    sections.forEach((section, lines) -> {
      text.append('[').append(section).append("]\n");
      lines.forEach((key, value) -> text.append(key).append(" = ").append(value).append('\n'));
    });
    return text.toString();
  }
}
