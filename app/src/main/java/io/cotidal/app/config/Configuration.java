package io.cotidal.app.config;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Everything that the operator asked for, checked.
 *
 * @param listen where the API and the page answer; a loopback address; port 0 means any free one
 * @param store where the journal is kept
 * @param company how it keeps company with other daemons of the same store
 * @param anonymousMetrics whether {@code /metrics} answers without a token
 * @param kinds what was asked for of each kind, by the type of the record that says it; and the
 *     {@link Authentication}
 * @param values every value in force, with where it came from
 */
public record Configuration(
    InetSocketAddress listen,
    StorePlace store,
    Company company,
    boolean anonymousMetrics,
    Map<Class<?>, Object> kinds,
    List<Explained> values) {
  /**
   * One daemon among several of the same store.
   *
   * @param acceptCommands whether it takes commands at all, should it lead
   * @param lease for how long a lease in the store is taken each time
   */
  public record Company(boolean acceptCommands, Duration lease) {}

  /** Copies the map and the list. */
  public Configuration {
    kinds = Map.copyOf(kinds);
    values = List.copyOf(values);
  }

  /**
   * What was asked for of one kind.
   *
   * @param part the record that the kind's section comes to
   * @throws IllegalArgumentException if no section of this build comes to that
   */
  public <T> T of(Class<T> part) {
    Object found = kinds.get(part);
    if (found == null) {
      throw new IllegalArgumentException("no kind is configured by a " + part.getSimpleName());
    }
    return part.cast(found);
  }

  /** One line a value: {@code key = value # where it came from}. Never shows a secret. */
  public String explain() {
    return values.stream().map(Explained::toString).collect(Collectors.joining("\n"));
  }
}
