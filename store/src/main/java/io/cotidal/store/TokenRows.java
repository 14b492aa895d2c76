package io.cotidal.store;

import io.cotidal.model.Permission;
import io.cotidal.model.Token;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Tokens as rows, in the caller's transaction. */
final class TokenRows {
  /**
   * Uses within this time are one: who asks ten times a second must not make ten commits a second.
   */
  private static final long COARSE_MICROS = 60_000_000L;

  private static final String TOKEN =
      """
      SELECT id, hash, permission, scope, created_micros, expires_micros, last_used_micros
      FROM token
      """;

  private TokenRows() {}

  static boolean add(Connection connection, Token token) throws SQLException {
    return Sql.update(
            connection,
            """
            INSERT INTO token (
              id, hash, permission, scope, created_micros, expires_micros, last_used_micros)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """,
            token.id(),
            token.hash(),
            Codec.word(token.permission()),
            token.scope(),
            token.createdMicros(),
            token.expiresMicros(),
            token.lastUsedMicros())
        == 1;
  }

  static Optional<Token> find(Connection connection, String hash) throws SQLException {
    return Sql.first(connection, TOKEN + " WHERE hash = ?", TokenRows::token, hash);
  }

  static List<Token> list(Connection connection) throws SQLException {
    // Sorted here: databases do not agree on the order of texts.
    return Sql.query(connection, TOKEN, TokenRows::token).stream()
        .sorted(Comparator.comparing(Token::id))
        .toList();
  }

  static boolean remove(Connection connection, String id) throws SQLException {
    return Sql.update(connection, "DELETE FROM token WHERE id = ?", id) == 1;
  }

  static void used(Connection connection, String id, long micros) throws SQLException {
    Sql.update(
        connection,
        "UPDATE token SET last_used_micros = ? WHERE id = ? AND last_used_micros < ?",
        micros,
        id,
        micros - COARSE_MICROS);
  }

  private static Token token(ResultSet row) throws SQLException {
    return new Token(
        row.getString("id"),
        row.getString("hash"),
        Codec.word(Permission.class, row.getString("permission")),
        row.getString("scope"),
        row.getLong("created_micros"),
        row.getLong("expires_micros"),
        row.getLong("last_used_micros"));
  }
}
