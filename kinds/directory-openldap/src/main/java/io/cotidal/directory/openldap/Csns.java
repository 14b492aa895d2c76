package io.cotidal.directory.openldap;

import io.cotidal.directory.ldap.Printable;
import io.cotidal.directory.observe.Csn;
import io.cotidal.directory.observe.Vector;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.Collections;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a server has got with each server's changes: the values of {@code contextCSN}. Those of
 * one server are ordered as their texts are.
 *
 * @param latest the text, by server id; 0 stands for changes made before a server had one
 */
record Csns(SortedMap<Integer, String> latest) {
  /** Of a server that tells none. */
  static final Csns NONE = new Csns(new TreeMap<>());

  private static final Pattern FORM =
      Pattern.compile(
          "([0-9]{14})\\.([0-9]{6})Z#([0-9a-fA-F]{6})#([0-9a-fA-F]{3})#([0-9a-fA-F]{6})");
  private static final int LOW = 4;
  private static final int COUNTED = 0xfff;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT);

  /** Copies the map. */
  Csns {
    latest = Collections.unmodifiableSortedMap(new TreeMap<>(latest));
  }

  /**
   * Of these values.
   *
   * @throws IllegalArgumentException if one of them is in no form that is known: half a vector
   *     would say that changes are missing, or that none are
   */
  static Csns parse(Collection<String> values) {
    TreeMap<Integer, String> latest = new TreeMap<>();
    for (String value : values) {
      latest.merge(
          csn(value).replica(),
          value.toLowerCase(Locale.ROOT).replace('z', 'Z'),
          (one, other) -> one.compareTo(other) < 0 ? other : one);
    }
    return new Csns(latest);
  }

  private static Csn csn(String value) {
    Matcher matcher = FORM.matcher(value);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + Printable.of(value) + "' is no contextCSN");
    }
    try {
      long seconds = LocalDateTime.parse(matcher.group(1), TIME).toEpochSecond(ZoneOffset.UTC);
      int micros = Integer.parseInt(matcher.group(2));
      int count = Math.min(Integer.parseInt(matcher.group(3), 16), COUNTED);
      // Each part of a change number has sixteen bits; micros have twenty, and order goes on.
      return new Csn(
          seconds,
          micros >> LOW,
          Integer.parseInt(matcher.group(4), 16),
          (micros & ((1 << LOW) - 1)) << (16 - LOW) | count);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("'" + Printable.of(value) + "' is no contextCSN", e);
    }
  }

  /** Whether everything that {@code other} has is here too. */
  boolean covers(Csns other) {
    return other.latest.entrySet().stream()
        .allMatch(
            theirs -> latest.getOrDefault(theirs.getKey(), "").compareTo(theirs.getValue()) >= 0);
  }

  /** For every vendor's readers. */
  Vector vector(String generation) {
    TreeMap<Integer, Vector.Element> elements = new TreeMap<>();
    latest.forEach((id, text) -> elements.put(id, new Vector.Element("", csn(text))));
    return new Vector(generation, elements);
  }

  /** All texts, with a blank between two. */
  @Override
  public String toString() {
    return String.join(" ", latest.values());
  }
}
