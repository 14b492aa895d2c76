package io.cotidal.feeds.table;

import io.cotidal.feeds.table.RoleStatement.Reach;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a roles file wants in the end, one statement after the other: who makes workspaces leaves to
 * it what it speaks of, so that nothing is taken away only to be given again.
 */
final class RolesWill {
  /** The will of those who have no roles file. */
  static final RolesWill NONE = new RolesWill(List.of());

  /** Whether roles shall be there. */
  private final Map<String, Boolean> roles = new HashMap<>();

  /** Whether a role shall have a right; that on all tables of a schema has no table's name. */
  private final Map<Right, Boolean> rights = new HashMap<>();

  private enum Sort {
    NAMES,
    TABLES,
    LATER
  }

  private record Right(String role, String schema, Sort sort, String table) {}

  /** Of a file that was read. */
  RolesWill(List<RolesScript.Line> lines) {
    lines.forEach(line -> take(line.statement()));
  }

  private void take(RoleStatement statement) {
    switch (statement) {
      case RoleStatement.Make make -> roles.put(make.role(), true);
      case RoleStatement.Change change -> roles.put(change.role(), true);
      case RoleStatement.Drop drop -> {
        roles.put(drop.role(), false);
        rights.keySet().removeIf(right -> right.role().equals(drop.role()));
      }
      case RoleStatement.Membership membership -> {
        membership.roles().forEach(role -> roles.put(role, true));
        membership.members().forEach(role -> roles.put(role, true));
      }
      case RoleStatement.Right right ->
          right
              .roles()
              .forEach(role -> {
                roles.put(role, true);
                right.reaches().forEach(reach -> take(role, reach, right.grant()));
              });
    }
  }

  private void take(String role, Reach reach, boolean grant) {
    String schema = reach.schema();
    switch (reach) {
      case Reach.Schema _ -> rights.put(new Right(role, schema, Sort.NAMES, ""), grant);
      case Reach.Later _ -> rights.put(new Right(role, schema, Sort.LATER, ""), grant);
      case Reach.Table table ->
          rights.put(new Right(role, schema, Sort.TABLES, table.name()), grant);
      case Reach.All _ -> {
        rights
            .keySet()
            .removeIf(right ->
                right.role().equals(role)
                    && right.schema().equals(schema)
                    && right.sort() == Sort.TABLES);
        rights.put(new Right(role, schema, Sort.TABLES, ""), grant);
      }
    }
  }

  /** Whether the role shall be there. */
  boolean wants(String role) {
    return roles.getOrDefault(role, false);
  }

  /** Whether the role shall be able to use the names of a schema; empty if nothing is said. */
  Optional<Boolean> names(String role, String schema) {
    return Optional.ofNullable(rights.get(new Right(role, schema, Sort.NAMES, "")));
  }

  /** Whether it shall read what is made there later. */
  Optional<Boolean> later(String role, String schema) {
    return Optional.ofNullable(rights.get(new Right(role, schema, Sort.LATER, "")));
  }

  /** Whether it shall read one table or view. */
  Optional<Boolean> table(String role, String schema, String table) {
    return Optional.ofNullable(rights.get(new Right(role, schema, Sort.TABLES, table)))
        .or(() -> Optional.ofNullable(rights.get(new Right(role, schema, Sort.TABLES, ""))));
  }
}
