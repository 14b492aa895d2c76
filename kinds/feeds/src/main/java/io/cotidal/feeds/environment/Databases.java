package io.cotidal.feeds.environment;

import static io.cotidal.feeds.environment.FeedsVariable.COT_FEED_KEEP;
import static io.cotidal.feeds.environment.FeedsVariable.COT_FEED_KEEP_BUDGET;
import static io.cotidal.feeds.environment.FeedsVariable.COT_FEED_LOCK_WAIT;
import static io.cotidal.feeds.environment.FeedsVariable.COT_FEED_PG_BIN;
import static io.cotidal.feeds.environment.FeedsVariable.GEOSERVER_PGSQL_DATABASE;
import static io.cotidal.feeds.environment.FeedsVariable.GEOSERVER_PGSQL_HOST;
import static io.cotidal.feeds.environment.FeedsVariable.GEOSERVER_PGSQL_PASSWORD;
import static io.cotidal.feeds.environment.FeedsVariable.GEOSERVER_PGSQL_PORT;
import static io.cotidal.feeds.environment.FeedsVariable.GEOSERVER_PGSQL_SCHEMA;
import static io.cotidal.feeds.environment.FeedsVariable.GEOSERVER_PGSQL_USERNAME;
import static io.cotidal.feeds.environment.FeedsVariable.MASTER_PGSQL_DATABASE;
import static io.cotidal.feeds.environment.FeedsVariable.MASTER_PGSQL_HOST;
import static io.cotidal.feeds.environment.FeedsVariable.MASTER_PGSQL_PASSWORD;
import static io.cotidal.feeds.environment.FeedsVariable.MASTER_PGSQL_PORT;
import static io.cotidal.feeds.environment.FeedsVariable.MASTER_PGSQL_SCHEMA;
import static io.cotidal.feeds.environment.FeedsVariable.MASTER_PGSQL_USERNAME;
import static io.cotidal.feeds.environment.FeedsVariable.SLAVE_NAME;

import io.cotidal.feeds.spec.FeedsSpec.Database;
import io.cotidal.feeds.spec.FeedsSpec.Status;
import io.cotidal.model.Secret;
import java.time.Duration;
import java.util.Optional;

/** Reads where tables are published, and where the master is told. */
final class Databases {
  /** Milliseconds; less than PostgreSQL's {@code deadlock_timeout}, so that no reader gives way. */
  private static final int LONGEST_LOCK_WAIT = 900;

  private static final long BUDGET = 10L << 30;

  private final Given given;

  Databases(Given given) {
    this.given = given;
  }

  Database database(boolean skipped) {
    Optional<String> password =
        skipped
            ? given.text(GEOSERVER_PGSQL_PASSWORD)
            : Optional.of(given.need(GEOSERVER_PGSQL_PASSWORD));
    return new Database(
        given.values().host(GEOSERVER_PGSQL_HOST, given.text(GEOSERVER_PGSQL_HOST, "localhost")),
        given.number(GEOSERVER_PGSQL_PORT, 5432, 1, 65_535),
        given
            .values()
            .name(GEOSERVER_PGSQL_DATABASE, given.text(GEOSERVER_PGSQL_DATABASE, "borg_slave")),
        given
            .values()
            .schema(GEOSERVER_PGSQL_SCHEMA, given.text(GEOSERVER_PGSQL_SCHEMA, "publish")),
        given.values().name(GEOSERVER_PGSQL_USERNAME, given.text(GEOSERVER_PGSQL_USERNAME, "test")),
        password.map(Secret::new),
        given.path(COT_FEED_PG_BIN),
        given.number(COT_FEED_KEEP, 1, 0, 100),
        given.size(COT_FEED_KEEP_BUDGET, BUDGET),
        Duration.ofMillis(given.number(COT_FEED_LOCK_WAIT, 500, 1, LONGEST_LOCK_WAIT)));
  }

  Optional<Status> status(String hostname) {
    if (!told(given)) {
      return Optional.empty();
    }
    String replica = given.text(SLAVE_NAME).or(() -> Optional.of(hostname)).orElse("");
    if (replica.isBlank()) {
      given.values().missing(SLAVE_NAME);
    }
    String host = given.need(MASTER_PGSQL_HOST);
    return Optional.of(
        new Status(
            given.values().name(SLAVE_NAME, replica),
            host.isEmpty() ? host : given.values().host(MASTER_PGSQL_HOST, host),
            given.number(MASTER_PGSQL_PORT, 5432, 1, 65_535),
            given.values().name(MASTER_PGSQL_DATABASE, given.need(MASTER_PGSQL_DATABASE)),
            given.values().schema(MASTER_PGSQL_SCHEMA, given.text(MASTER_PGSQL_SCHEMA, "public")),
            given.values().name(MASTER_PGSQL_USERNAME, given.need(MASTER_PGSQL_USERNAME)),
            Optional.of(new Secret(given.need(MASTER_PGSQL_PASSWORD)))));
  }

  /** Whether the master is told at all. */
  static boolean told(Given given) {
    return given.set(MASTER_PGSQL_HOST)
        || given.set(MASTER_PGSQL_DATABASE)
        || given.set(MASTER_PGSQL_USERNAME);
  }
}
