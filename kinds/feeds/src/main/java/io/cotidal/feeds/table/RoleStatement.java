package io.cotidal.feeds.table;

import io.cotidal.model.Secret;
import io.cotidal.pgclient.Quote;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What one statement of a roles file means. SQL is made of it anew; the file's text is not run. */
sealed interface RoleStatement {
  /**
   * A role shall be there.
   *
   * @param ifAbsent whether one that is there stays as it is
   */
  record Make(String role, Options options, boolean ifAbsent) implements RoleStatement {}

  /** A role that is there shall have these options. */
  record Change(String role, Options options) implements RoleStatement {}

  /** A role shall not be there. */
  record Drop(String role) implements RoleStatement {}

  /** Members shall have these roles, or have them no more. */
  record Membership(boolean grant, List<String> roles, List<String> members)
      implements RoleStatement {
    /** Copies the lists. */
    public Membership {
      roles = List.copyOf(roles);
      members = List.copyOf(members);
    }
  }

  /** Roles shall be able to read, or be able no more. */
  record Right(boolean grant, List<Reach> reaches, List<String> roles) implements RoleStatement {
    /** Copies the lists. */
    public Right {
      reaches = List.copyOf(reaches);
      roles = List.copyOf(roles);
    }
  }

  /**
   * What a role can do; what is empty is not said.
   *
   * @param limit of connections at a time; -1 for none
   * @param until when its password ends, as PostgreSQL reads a time
   * @param noDatabases whether it must not make databases
   */
  record Options(
      Optional<Boolean> login,
      Optional<Boolean> inherit,
      Optional<Integer> limit,
      Optional<Secret> password,
      Optional<String> until,
      boolean noDatabases) {
    /** As SQL, all that is said. */
    String sql() {
      List<String> all = new ArrayList<>();
      login.ifPresent(yes -> all.add(yes ? "LOGIN" : "NOLOGIN"));
      inherit.ifPresent(yes -> all.add(yes ? "INHERIT" : "NOINHERIT"));
      limit.ifPresent(most -> all.add("CONNECTION LIMIT " + most));
      password.ifPresent(secret -> all.add("PASSWORD " + Quote.literal(secret.reveal())));
      until.ifPresent(time -> all.add("VALID UNTIL " + Quote.literal(time)));
      Stream.of("NOCREATEDB").filter(_ -> noDatabases).forEach(all::add);
      return all.isEmpty() ? "" : " " + String.join(" ", all);
    }

    Options withPassword(Optional<Secret> other) {
      return new Options(login, inherit, limit, other, until, noDatabases);
    }
  }

  /** What can be read. */
  sealed interface Reach {
    String schema();

    /** What it is, between {@code GRANT} and {@code TO}. */
    String sql();

    /** The names in a schema can be used. */
    record Schema(String schema) implements Reach {
      @Override
      public String sql() {
        return "USAGE ON SCHEMA " + Quote.identifier(schema);
      }
    }

    /** One table or view. */
    record Table(String schema, String name) implements Reach {
      @Override
      public String sql() {
        return "SELECT ON TABLE " + Target.quoted(schema, name);
      }
    }

    /** All tables and views that are in a schema. */
    record All(String schema) implements Reach {
      @Override
      public String sql() {
        return "SELECT ON ALL TABLES IN SCHEMA " + Quote.identifier(schema);
      }
    }

    /** Those that we make there later. */
    record Later(String schema) implements Reach {
      @Override
      public String sql() {
        return "SELECT ON TABLES";
      }
    }

    /** Whether it is about that view. */
    default boolean reaches(Target target) {
      return schema().equals(target.schemas().view())
          && switch (this) {
            case Table table -> table.name().equals(target.name());
            case All _ -> true;
            case Schema _, Later _ -> false;
          };
    }
  }
}
