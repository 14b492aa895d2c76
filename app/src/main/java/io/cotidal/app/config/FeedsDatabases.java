package io.cotidal.app.config;

import static io.cotidal.app.config.FeedsForms.duration;

import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Reads where tables are published, and where the master's own tables are. */
final class FeedsDatabases {
  private static final long BUDGET = 50L << 30;
  private static final String DATABASE = "borg_slave";

  /**
   * Less than PostgreSQL's {@code deadlock_timeout}, a second unless it was changed: so it is
   * always the swap that gives way, and never a reader.
   */
  private static final Duration LONGEST_LOCK_WAIT = Duration.ofMillis(900);

  private final Section section;
  private final Secrets secrets;

  FeedsDatabases(Section section, Secrets secrets) {
    this.section = section;
    this.secrets = secrets;
  }

  /** The replica's own; empty if it is not written. */
  Optional<FeedsSpec.Database> database() {
    return section
        .section("database")
        .map(database -> {
          FeedsSpec.Database read =
              new FeedsSpec.Database(
                  host(database),
                  port(database),
                  identifier(database, "name", DATABASE),
                  identifier(database, "schema", "publish"),
                  identifier(database, "user", "postgres"),
                  password(database),
                  database.get(
                      "bin",
                      FeedsForms.path(),
                      Value.<Optional<Path>>standard(Optional.empty(), "(looked for)")),
                  database.get("keep", Forms.whole(0, 100), Value.standard(2, "2")),
                  database.get("budget", Forms.bytes(), Value.standard(BUDGET, "50GiB")),
                  duration(
                      database,
                      "lock-wait",
                      Duration.ofMillis(500),
                      Duration.ofMillis(10),
                      LONGEST_LOCK_WAIT));
          database.closeDiscreetly();
          return read;
        });
  }

  /** The master's; empty if nobody is to be told. */
  Optional<FeedsSpec.Status> status(String feed) {
    return section
        .section("status")
        .flatMap(status -> {
          String replica =
              status.get("replica", FeedsForms.line(), Value.standard(feed, "(the feed's name)"));
          Optional<String> host =
              status.need("host", Forms.host(), Optional.empty(), "write the master's host");
          int port = port(status);
          String database = identifier(status, "database", "borg");
          String schema = identifier(status, "schema", "public");
          String user = identifier(status, "user", "postgres");
          Optional<Secret> password = password(status);
          status.closeDiscreetly();
          return host.map(
              at -> new FeedsSpec.Status(replica, at, port, database, schema, user, password));
        });
  }

  private static String host(Section section) {
    return section.get("host", Forms.host(), Value.standard("localhost", "localhost"));
  }

  private static int port(Section section) {
    return section.get("port", Forms.whole(1, 65_535), Value.standard(5432, "5432"));
  }

  private static String identifier(Section section, String key, String standard) {
    return section.get(key, FeedsForms.identifier(), Value.standard(standard, standard));
  }

  private Optional<Secret> password(Section section) {
    return section.has("password") ? section.secret("password", secrets) : Optional.empty();
  }
}
