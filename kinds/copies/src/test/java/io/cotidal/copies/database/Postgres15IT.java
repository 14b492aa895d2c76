package io.cotidal.copies.database;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;

/** PostgreSQL 15 of Debian. */
@DisplayName("PostgreSQL 15")
final class Postgres15IT extends PostgresConformance {
  @Override
  Rig rig() throws Exception {
    Postgres engine = new Postgres();
    return new Rig(engine, engine.locate(new Choice("15", Optional.empty())));
  }

  @Override
  Optional<Path> tool() {
    return Optional.of(Path.of("/usr/lib/postgresql/15/bin/pg_dump"));
  }
}
