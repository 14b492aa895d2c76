package io.cotidal.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * The tables, as a list of steps forward: the version of a store is how many of them it has taken.
 */
final class Schema {
  /** Never edit one that was released: add the next. */
  private static final List<List<String>> STEPS =
      List.of(
          List.of(
              """
              CREATE TABLE counter (
                name TEXT PRIMARY KEY,
                value BIGINT NOT NULL)
              """,
              """
              INSERT INTO counter (name, value) VALUES ('event', 0), ('batch', 0), ('barrier', 0)
              """,
              """
              CREATE TABLE resource (
                id TEXT PRIMARY KEY,
                epoch BIGINT NOT NULL,
                ledger TEXT NOT NULL,
                last_number BIGINT NOT NULL)
              """,
              """
              CREATE TABLE operation (
                resource TEXT NOT NULL REFERENCES resource (id),
                number BIGINT NOT NULL,
                type TEXT NOT NULL,
                version BIGINT NOT NULL,
                input TEXT NOT NULL,
                risk TEXT NOT NULL,
                state TEXT NOT NULL,
                is_open SMALLINT NOT NULL,
                reason TEXT NOT NULL,
                note TEXT NOT NULL,
                proposal_key TEXT NOT NULL,
                basis TEXT NOT NULL,
                actor TEXT NOT NULL,
                approved_by TEXT,
                idempotency_key TEXT,
                cancel_requested SMALLINT NOT NULL,
                locks TEXT NOT NULL,
                created_micros BIGINT NOT NULL,
                started_micros BIGINT NOT NULL,
                ended_micros BIGINT NOT NULL,
                PRIMARY KEY (resource, number))
              """,
              """
              CREATE INDEX operation_open ON operation (resource, number) WHERE is_open = 1
              """,
              """
              CREATE UNIQUE INDEX operation_idempotency ON operation (resource, idempotency_key)
              WHERE idempotency_key IS NOT NULL
              """,
              """
              CREATE TABLE step (
                resource TEXT NOT NULL,
                operation BIGINT NOT NULL,
                sequence BIGINT NOT NULL,
                step_key TEXT NOT NULL,
                act TEXT NOT NULL,
                member TEXT,
                arguments TEXT NOT NULL,
                sentence TEXT NOT NULL,
                needs TEXT NOT NULL,
                deadline TEXT NOT NULL,
                when_unknown TEXT NOT NULL,
                decision_point SMALLINT NOT NULL,
                point_of_no_return SMALLINT NOT NULL,
                ledger TEXT NOT NULL,
                attempt BIGINT NOT NULL,
                state TEXT NOT NULL,
                epoch BIGINT NOT NULL,
                evidence TEXT NOT NULL,
                problem TEXT NOT NULL,
                started_micros BIGINT NOT NULL,
                ended_micros BIGINT NOT NULL,
                PRIMARY KEY (resource, operation, sequence),
                FOREIGN KEY (resource, operation) REFERENCES operation (resource, number)
                  ON DELETE CASCADE)
              """,
              """
              CREATE TABLE event (
                sequence BIGINT PRIMARY KEY,
                resource TEXT NOT NULL,
                micros BIGINT NOT NULL,
                severity TEXT NOT NULL,
                code TEXT NOT NULL,
                operation BIGINT NOT NULL,
                actor TEXT,
                sentence TEXT NOT NULL,
                details TEXT NOT NULL)
              """,
              """
              CREATE INDEX event_resource ON event (resource, sequence)
              """,
              """
              CREATE TABLE batch (
                resource TEXT NOT NULL,
                id TEXT NOT NULL,
                number BIGINT NOT NULL,
                PRIMARY KEY (resource, id))
              """,
              """
              CREATE INDEX batch_number ON batch (number)
              """,
              """
              CREATE TABLE token (
                id TEXT PRIMARY KEY,
                hash TEXT NOT NULL UNIQUE,
                permission TEXT NOT NULL,
                scope TEXT NOT NULL,
                created_micros BIGINT NOT NULL,
                expires_micros BIGINT NOT NULL,
                last_used_micros BIGINT NOT NULL)
              """),
          List.of(
              """
              ALTER TABLE operation ADD COLUMN approved_micros BIGINT NOT NULL DEFAULT 0
              """,
              // Nobody wrote down when: the earliest it can have been lets none last too long.
              """
              UPDATE operation SET approved_micros = created_micros WHERE approved_by IS NOT NULL
              """),
          List.of(
              """
              CREATE TABLE item (
                resource TEXT NOT NULL REFERENCES resource (id),
                sort TEXT NOT NULL,
                name TEXT NOT NULL,
                owner TEXT NOT NULL,
                state TEXT NOT NULL,
                facts TEXT NOT NULL,
                created_micros BIGINT NOT NULL,
                expires_micros BIGINT NOT NULL,
                PRIMARY KEY (resource, sort, name))
              """,
              """
              CREATE TABLE secret (
                resource TEXT NOT NULL,
                name TEXT NOT NULL,
                sealed TEXT NOT NULL,
                PRIMARY KEY (resource, name))
              """,
              """
              ALTER TABLE step ADD COLUMN items TEXT NOT NULL DEFAULT '[]'
              """),
          List.of(
              """
              CREATE TABLE lease (
                name TEXT PRIMARY KEY,
                holder TEXT NOT NULL,
                address TEXT NOT NULL,
                epoch BIGINT NOT NULL,
                until_micros BIGINT NOT NULL)
              """,
              """
              INSERT INTO lease (name, holder, address, epoch, until_micros)
              VALUES ('leader', '', '', 0, 0)
              """,
              """
              ALTER TABLE resource ADD COLUMN pause TEXT NOT NULL DEFAULT '{}'
              """),
          List.of(
              """
              CREATE TABLE spec (
                resource TEXT PRIMARY KEY,
                generation BIGINT NOT NULL,
                digest TEXT NOT NULL,
                spec_keys TEXT NOT NULL,
                released SMALLINT NOT NULL,
                origin TEXT NOT NULL,
                actor TEXT NOT NULL,
                micros BIGINT NOT NULL)
              """));

  private Schema() {}

  /** The version that this build writes. */
  static int version() {
    return STEPS.size();
  }

  /**
   * Takes the steps that {@code connection}'s store has not taken; runs inside the caller's
   * transaction.
   *
   * @param place names the store in messages
   * @throws StoreException if the store is newer than this build
   */
  static void migrate(Connection connection, String place) throws SQLException {
    Sql.run(
        connection, "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)");
    int has =
        Sql.first(
                connection,
                "SELECT value FROM meta WHERE name = 'schema'",
                row -> Integer.parseInt(row.getString(1)))
            .orElse(0);
    if (has > version()) {
      throw new StoreException(
          place
              + ": has schema "
              + has
              + ", this Cotidal knows "
              + version()
              + "; start the newer Cotidal that wrote it, or restore a backup from before");
    }
    for (List<String> step : STEPS.subList(has, version())) {
      for (String statement : step) {
        Sql.run(connection, statement);
      }
    }
    Sql.update(
        connection,
        """
        INSERT INTO meta (name, value) VALUES ('schema', ?)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value
        """,
        String.valueOf(version()));
  }
}
