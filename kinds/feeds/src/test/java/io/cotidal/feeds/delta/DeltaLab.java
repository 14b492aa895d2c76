package io.cotidal.feeds.delta;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.lab.PostgresBinaries;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import io.cotidal.lab.StoreServer;
import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A server with PostGIS and two databases: the source's and the replica's. */
final class DeltaLab implements AutoCloseable {
  static final Duration LONG = Duration.ofSeconds(60);

  private static final int MAJOR = 15;
  private static final Path POSTGIS =
      Path.of("/usr/share/postgresql/" + MAJOR + "/extension/postgis.control");

  private final ServerRegistry registry;
  private final StoreServer server;

  private DeltaLab(ServerRegistry registry, StoreServer server) {
    this.registry = registry;
    this.server = server;
  }

  static DeltaLab start() throws Exception {
    Optional<Path> bin = PostgresBinaries.installed(MAJOR);
    boolean there = bin.isPresent() && Files.exists(POSTGIS);
    if (!there && "1".equals(System.getenv("COT_REQUIRE_SERVERS"))) {
      throw new AssertionError("missing: apt-get install postgresql-15-postgis-3");
    }
    assumeTrue(there, "SKIPPED: apt-get install postgresql-15-postgis-3");
    ServerRegistry registry =
        ServerRegistry.open(StateFolder.ofUser(), Path.of(System.getProperty("java.io.tmpdir")));
    try {
      StoreServer server = StoreServer.start(registry, bin.get());
      for (String database : new String[] {"source", "replica"}) {
        server.createDatabase(database);
        server.execute(database, "CREATE EXTENSION postgis");
      }
      return new DeltaLab(registry, server);
    } catch (Exception e) {
      registry.close();
      throw e;
    }
  }

  PgSession session(String database) throws PgException {
    return PgSession.open(
        new Login(
            "127.0.0.1", server.port(), database, StoreServer.NAME, server.password(), "delta"),
        LONG);
  }

  int port() {
    return server.port();
  }

  String password() {
    return server.password().reveal();
  }

  static Deadline soon() {
    return Deadline.in(LONG);
  }

  @Override
  public void close() throws IOException {
    registry.close();
  }
}
