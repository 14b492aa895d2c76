package io.cotidal.model;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Named texts in alphabetical order: the input of an operation, the evidence of a step, the facts
 * behind a diagnosis. Flat on purpose, so that one form serves journal, API, table and hash. Never
 * holds a secret.
 */
public record Details(SortedMap<String, String> entries) {
  /** No entries. */
  public static final Details NONE = new Details(new TreeMap<>());

  /** Copies {@code entries}. */
  public Details {
    entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
  }

  /** One entry. */
  public static Details of(String name, Object value) {
    return NONE.with(name, value);
  }

  /** Copies {@code entries}. */
  public static Details copyOf(Map<String, String> entries) {
    return new Details(new TreeMap<>(entries));
  }

  /** These entries, with {@code name} set to {@code value} in its text form. */
  public Details with(String name, Object value) {
    TreeMap<String, String> copy = new TreeMap<>(entries);
    copy.put(name, String.valueOf(value));
    return new Details(copy);
  }

  /** These entries with those of {@code other} laid over them. */
  public Details with(Details other) {
    if (other.entries.isEmpty()) {
      return this;
    }
    TreeMap<String, String> copy = new TreeMap<>(entries);
    copy.putAll(other.entries);
    return new Details(copy);
  }

  /**
   * These entries with those of {@code changes} laid over them, where a value {@code @name} stands
   * for the entry {@code name} of {@code evidence}, and an empty value takes the entry out.
   */
  public Details changed(Details changes, Details evidence) {
    TreeMap<String, String> copy = new TreeMap<>(entries);
    changes.entries.forEach((name, value) -> {
      String meant = value.startsWith("@") ? evidence.get(value.substring(1), "") : value;
      if (meant.isEmpty()) {
        copy.remove(name);
      } else {
        copy.put(name, meant);
      }
    });
    return new Details(copy);
  }

  /** These entries without {@code name}. */
  public Details without(String name) {
    TreeMap<String, String> copy = new TreeMap<>(entries);
    copy.remove(name);
    return new Details(copy);
  }

  /** The value of {@code name}, if it is there. */
  public Optional<String> find(String name) {
    return Optional.ofNullable(entries.get(name));
  }

  /** The value of {@code name}, or {@code otherwise}. */
  public String get(String name, String otherwise) {
    String value = entries.get(name);
    return value == null ? otherwise : value;
  }

  /**
   * The value of {@code name}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public String need(String name) {
    String value = entries.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no entry '" + name + "' in " + this);
    }
    return value;
  }

  /** Whether {@code name} has a value. */
  public boolean has(String name) {
    return entries.containsKey(name);
  }

  /** Whether there is no entry. */
  public boolean isEmpty() {
    return entries.isEmpty();
  }

  @Override
  public String toString() {
    return entries.toString();
  }
}
