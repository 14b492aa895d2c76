package io.cotidal.feeds.table;

import io.cotidal.feeds.table.RoleStatement.Reach;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads {@code slave_roles.sql}: the statements that a master renders for roles, and nothing else.
 * No message quotes more of the file than a keyword or a role's name, for it may hold passwords.
 */
final class RolesScript {
  private static final Set<String> VERBS =
      Set.of(
          ("abort alter analyze begin call checkpoint close cluster comment commit copy create"
                  + " declare delete discard do drop end execute explain fetch grant import insert"
                  + " listen load lock merge move notify prepare reassign refresh reindex release"
                  + " reset revoke rollback savepoint security select set show start table truncate"
                  + " unlisten update vacuum values with")
              .split(" "));
  private static final Set<String> NOBODY =
      Set.of("public", "none", "current_user", "session_user", "current_role", "user", "postgres");
  private static final int LONGEST_NAME = 63;

  private RolesScript() {}

  /**
   * A statement and where it stands.
   *
   * @param line from 1
   */
  record Line(int line, RoleStatement statement) {}

  /** All of them in their order. The whole file is refused if one is not allowed. */
  static List<Line> read(String sql) throws TableException {
    List<Line> lines = new ArrayList<>();
    try {
      for (RolePieces.Piece piece : RolePieces.of(sql, 1)) {
        lines.add(new Line(piece.line(), statement(piece)));
      }
    } catch (RolePieces.Torn e) {
      throw refused(e.line(), String.valueOf(e.getMessage()));
    }
    return lines;
  }

  /** It is refused for that reason. */
  static TableException refused(int line, String reason) {
    return new TableException(
        TableException.Kind.REJECTED, "slave_roles.sql line %d: %s".formatted(line, reason));
  }

  private static RoleStatement statement(RolePieces.Piece piece)
      throws TableException, RolePieces.Torn {
    try {
      if (piece.body().isPresent()) {
        if (!piece.text().strip().toLowerCase(Locale.ROOT).equals("do")) {
          throw new BadDump("more than a block");
        }
        return block(piece.body().get());
      }
      Cursor cursor = words(piece.text());
      RoleStatement statement = statement(cursor);
      cursor.end();
      return statement;
    } catch (BadName e) {
      throw refused(piece.line(), String.valueOf(e.getMessage()));
    } catch (BadDump e) {
      // Its message may quote what stands beside a password.
      throw refused(
          piece.line(),
          "this %s is none of those that a roles file may hold; remove it"
              .formatted(verb(piece.text())));
    }
  }

  private static String verb(String text) {
    String[] words = text.strip().toLowerCase(Locale.ROOT).split("[^a-z]+", 3);
    if (words.length == 0 || !VERBS.contains(words[0])) {
      return "statement";
    }
    boolean kind =
        words.length > 1
            && Set.of("role", "user", "table", "schema", "database", "default", "system", "policy")
                .contains(words[1]);
    return (kind ? words[0] + " " + words[1] : words[0]).toUpperCase(Locale.ROOT);
  }

  private static Cursor words(String text) throws BadDump {
    if (text.strip().startsWith("\\")) {
      throw new BadDump("a command for psql");
    }
    try {
      Script script =
          new Script(new ByteArrayInputStream((text + ";").getBytes(StandardCharsets.UTF_8)));
      List<Token> tokens = script.next();
      if (!script.next().isEmpty()) {
        throw new BadDump("more than one statement");
      }
      return new Cursor(tokens);
    } catch (IOException e) {
      throw new BadDump("it cannot be read");
    }
  }

  /** {@code BEGIN IF NOT EXISTS (…) THEN CREATE ROLE "x" …; END IF; END} and nothing else. */
  private static RoleStatement block(RolePieces.Body body) throws BadDump, RolePieces.Torn {
    List<RolePieces.Piece> pieces = RolePieces.of(body.text(), body.line());
    if (pieces.size() != 3 || pieces.stream().anyMatch(each -> each.body().isPresent())) {
      throw new BadDump("another block");
    }
    Cursor cursor = words(pieces.get(0).text());
    cursor.expect("begin", "if", "not", "exists");
    cursor.expectSign("(");
    cursor.expect("select");
    if (!cursor.peek().word("from") && !cursor.number().equals("1")) {
      throw cursor.unexpected();
    }
    cursor.expect("from");
    if (cursor.skip("pg_catalog")) {
      cursor.expectSign(".");
    }
    cursor.expect("pg_roles", "where", "rolname");
    cursor.expectSign("=");
    String asked = cursor.text();
    cursor.expectSign(")");
    cursor.expect("then", "create", "role");
    String role = role(cursor);
    RoleStatement.Options options = RoleOptions.read(cursor);
    cursor.end();
    exactly(pieces.get(1), "end", "if");
    exactly(pieces.get(2), "end");
    if (!asked.equals(role)) {
      throw new BadName("it asks for one role and makes another");
    }
    return new RoleStatement.Make(role, options, true);
  }

  private static void exactly(RolePieces.Piece piece, String... words) throws BadDump {
    Cursor cursor = words(piece.text());
    cursor.expect(words);
    cursor.end();
  }

  private static RoleStatement statement(Cursor cursor) throws BadDump {
    if (cursor.skip("create", "role")) {
      return new RoleStatement.Make(role(cursor), RoleOptions.read(cursor), false);
    }
    if (cursor.skip("alter", "role")) {
      return new RoleStatement.Change(role(cursor), RoleOptions.read(cursor));
    }
    if (cursor.skip("drop", "role", "if", "exists")) {
      return new RoleStatement.Drop(role(cursor));
    }
    if (cursor.skip("alter", "default", "privileges", "in", "schema")) {
      List<Reach> later = List.of(new Reach.Later(schema(cursor)));
      boolean grant = granted(cursor);
      cursor.expect("select", "on", "tables");
      return new RoleStatement.Right(grant, later, whom(cursor, grant));
    }
    boolean grant = granted(cursor);
    if (cursor.peek().word("usage") || cursor.peek().word("select")) {
      return new RoleStatement.Right(grant, reaches(cursor), whom(cursor, grant));
    }
    return new RoleStatement.Membership(grant, roles(cursor), whom(cursor, grant));
  }

  private static boolean granted(Cursor cursor) throws BadDump {
    if (cursor.skip("grant")) {
      return true;
    }
    cursor.expect("revoke");
    return false;
  }

  private static List<Reach> reaches(Cursor cursor) throws BadDump {
    List<Reach> all = new ArrayList<>();
    boolean usage = cursor.skip("usage", "on", "schema");
    if (!usage) {
      cursor.expect("select", "on");
    }
    boolean tables = !usage && cursor.skip("all", "tables", "in", "schema");
    if (!usage && !tables) {
      cursor.skip("table");
    }
    do {
      String schema = schema(cursor);
      if (usage) {
        all.add(new Reach.Schema(schema));
      } else if (tables) {
        all.add(new Reach.All(schema));
      } else {
        cursor.expectSign(".");
        all.add(new Reach.Table(schema, name(cursor)));
      }
    } while (cursor.skipSign(","));
    return all;
  }

  private static List<String> whom(Cursor cursor, boolean grant) throws BadDump {
    cursor.expect(grant ? "to" : "from");
    return roles(cursor);
  }

  private static List<String> roles(Cursor cursor) throws BadDump {
    List<String> roles = new ArrayList<>();
    do {
      roles.add(role(cursor));
    } while (cursor.skipSign(","));
    return roles;
  }

  private static String role(Cursor cursor) throws BadDump {
    String role = name(cursor);
    if (NOBODY.contains(role) || role.startsWith("pg_")) {
      throw new BadName("role " + role + " is not the master's; remove the statement");
    }
    return role;
  }

  private static String schema(Cursor cursor) throws BadDump {
    String schema = name(cursor);
    if (schema.startsWith("pg_") || schema.equals("information_schema")) {
      throw new BadName("schema " + schema + " is the database's own; remove the statement");
    }
    return schema;
  }

  private static String name(Cursor cursor) throws BadDump {
    String name = cursor.name();
    if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME
        || name.chars().anyMatch(Character::isISOControl)) {
      throw new BadName("a name is too long, or cannot be shown");
    }
    return name;
  }
}
