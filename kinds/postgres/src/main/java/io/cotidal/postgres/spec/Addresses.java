package io.cotidal.postgres.spec;

import java.util.List;
import java.util.stream.Stream;

/**
 * Where one server listens, as three kinds of others see it.
 *
 * @param control for Cotidal
 * @param replication for the other members
 * @param client for those who use the database
 */
public record Addresses(String control, String replication, String client) {
  /** One address for all. */
  public static Addresses all(String host) {
    return new Addresses(host, host, host);
  }

  /** Each of them once. */
  public List<String> distinct() {
    return Stream.of(control, replication, client).distinct().toList();
  }
}
