package io.cotidal.app.config;

import io.cotidal.model.Secret;
import io.cotidal.store.PostgresAddress;
import java.nio.file.Path;
import java.util.Optional;

/** Where the journal is kept. */
public sealed interface StorePlace {
  /** The folder of what lies beside the store: the first token, the key of its secrets. */
  Path folder();

  /** The key of the secrets in the store; a backup of the store does not hold it. */
  Path key();

  /** Where the first administrator's token is written. */
  default Path token() {
    return folder().resolve("admin.token");
  }

  /**
   * A file of SQLite.
   *
   * @param path absolute
   */
  record File(Path path) implements StorePlace {
    @Override
    public Path folder() {
      Path parent = path.toAbsolutePath().getParent();
      return parent == null ? path.toAbsolutePath() : parent;
    }

    @Override
    public Path key() {
      return path.resolveSibling(path.getFileName() + ".key");
    }

    /** The lock that says who leads. */
    public Path lock() {
      return Path.of(path + ".lock");
    }
  }

  /**
   * A schema of a PostgreSQL server.
   *
   * @param password of the address's user; empty if the server asks for none
   */
  record Server(PostgresAddress address, Optional<Secret> password, Path folder)
      implements StorePlace {
    /** The same with a password. */
    Server with(Secret newPassword) {
      return new Server(address, Optional.of(newPassword), folder);
    }

    @Override
    public Path key() {
      return folder.resolve("store.key");
    }
  }
}
