package io.cotidal.remote.http.kept;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The lines of a head, in their order, each as often as it came.
 *
 * @param list the lines
 */
public record Headers(List<Header> list) {
  /** No lines. */
  public static final Headers NONE = new Headers(List.of());

  /** Copies the list. */
  public Headers {
    list = List.copyOf(list);
  }

  /** These, in this order. */
  public static Headers of(Header... lines) {
    return new Headers(Arrays.asList(lines));
  }

  /** These and one more at the end. */
  public Headers with(Header line) {
    List<Header> more = new ArrayList<>(list);
    more.add(line);
    return new Headers(more);
  }

  /** These and one more at the end. */
  public Headers with(String name, String value) {
    return with(new Header(name, value));
  }

  /** These and all of the others, after them. */
  public Headers and(Headers others) {
    return new Headers(Stream.concat(list.stream(), others.list.stream()).toList());
  }

  /** All but those of that name. */
  public Headers without(String name) {
    return new Headers(list.stream().filter(line -> !line.name().equalsIgnoreCase(name)).toList());
  }

  /** The value of the first of that name. */
  public Optional<String> first(String name) {
    for (Header line : list) {
      if (line.name().equalsIgnoreCase(name)) {
        return Optional.of(line.value());
      }
    }
    return Optional.empty();
  }

  /** The values of all of that name. */
  public List<String> all(String name) {
    return list.stream()
        .filter(line -> line.name().equalsIgnoreCase(name))
        .map(Header::value)
        .toList();
  }

  /** Whether there is one of that name. */
  public boolean has(String name) {
    return first(name).isPresent();
  }

  /** Whether one of that name lists {@code word} among what it lists. */
  boolean lists(String name, String word) {
    return all(name).stream()
        .flatMap(value -> Arrays.stream(value.split(",", -1)))
        .anyMatch(one -> one.strip().equalsIgnoreCase(word));
  }
}
