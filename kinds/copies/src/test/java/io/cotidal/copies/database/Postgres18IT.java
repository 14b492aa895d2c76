package io.cotidal.copies.database;

import io.cotidal.lab.CacheFolder;
import io.cotidal.lab.PostgresBinaries;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;

/** PostgreSQL 18 of Maven Central, filled by the clients of Debian's 15. */
@DisplayName("PostgreSQL 18")
final class Postgres18IT extends PostgresConformance {
  @Override
  Rig rig() throws Exception {
    Postgres engine = new Postgres();
    Path server = PostgresBinaries.bundled(CacheFolder.ofUser());
    return new Rig(engine, engine.locate(new Choice("18", Optional.of(server))));
  }

  /** A pg_dump reads no server that is newer than itself, and no other is at hand. */
  @Override
  Optional<Path> tool() {
    return Optional.empty();
  }
}
