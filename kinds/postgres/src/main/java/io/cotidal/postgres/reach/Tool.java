package io.cotidal.postgres.reach;

/** A program of PostgreSQL's that is run to its end while the server does not run. */
public sealed interface Tool {
  /** Its file name. */
  String name();

  /**
   * Makes an empty data directory; its superuser's password is in {@link Places#INITDB_PASSWORD}.
   */
  record Initdb(String superuser) implements Tool {
    @Override
    public String name() {
      return "initdb";
    }
  }

  /** Single-user mode, which reads {@link Places#ROLES}. */
  record SingleUser() implements Tool {
    @Override
    public String name() {
      return "postgres";
    }
  }

  /**
   * Turns the data back to where it left the source's history.
   *
   * @param source a conninfo without a password
   */
  record Rewind(String source) implements Tool {
    @Override
    public String name() {
      return "pg_rewind";
    }
  }

  /**
   * Copies the source over the network into the empty data directory.
   *
   * @param source a conninfo without a password
   */
  record BaseBackup(String source) implements Tool {
    @Override
    public String name() {
      return "pg_basebackup";
    }
  }
}
