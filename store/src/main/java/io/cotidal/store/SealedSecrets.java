package io.cotidal.store;

import io.cotidal.engine.SecretStore;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import java.util.Optional;

/** Secrets in a table of the store, each sealed. Thread-safe. */
final class SealedSecrets implements SecretStore {
  private final SqlStore store;
  private final Seal seal;

  SealedSecrets(SqlStore store, Seal seal) {
    this.store = store;
    this.seal = seal;
  }

  @Override
  public void put(ResourceId resource, String name, Secret secret) {
    String sealed = seal.close(full(resource, name), secret);
    store.write(
        "a secret of " + resource,
        connection ->
            Sql.update(
                connection,
                """
                INSERT INTO secret (resource, name, sealed) VALUES (?, ?, ?)
                ON CONFLICT (resource, name) DO UPDATE SET sealed = excluded.sealed
                """,
                resource.toString(),
                name,
                sealed));
  }

  @Override
  public Optional<Secret> find(ResourceId resource, String name) {
    return store
        .read(
            "a secret of " + resource,
            connection ->
                Sql.first(
                    connection,
                    "SELECT sealed FROM secret WHERE resource = ? AND name = ?",
                    row -> row.getString(1),
                    resource.toString(),
                    name))
        .map(sealed -> seal.open(full(resource, name), sealed));
  }

  @Override
  public void drop(ResourceId resource, String name) {
    store.write(
        "the removal of a secret",
        connection ->
            Sql.update(
                connection,
                "DELETE FROM secret WHERE resource = ? AND name = ?",
                resource.toString(),
                name));
  }

  private static String full(ResourceId resource, String name) {
    return resource + " " + name;
  }
}
