package io.cotidal.app.config;

import io.cotidal.postgres.spec.PostgresSpec;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Everything that the operator asked for, checked.
 *
 * @param listen where the API and the page answer; a loopback address; port 0 means any free one
 * @param store the SQLite file
 * @param anonymousMetrics whether {@code /metrics} answers without a token
 * @param postgres the clusters, in the order of the file
 * @param templates the templates of copies
 * @param values every value in force, with where it came from
 */
public record Configuration(
    InetSocketAddress listen,
    Path store,
    boolean anonymousMetrics,
    List<PostgresSpec> postgres,
    Templates templates,
    List<Explained> values) {
  /** Copies the lists. */
  public Configuration {
    postgres = List.copyOf(postgres);
    values = List.copyOf(values);
  }

  /** One line a value: {@code key = value # where it came from}. Never shows a secret. */
  public String explain() {
    return values.stream().map(Explained::toString).collect(Collectors.joining("\n"));
  }
}
