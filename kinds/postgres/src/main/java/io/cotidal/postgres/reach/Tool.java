package io.cotidal.postgres.reach;

import java.util.List;
import java.util.regex.Pattern;

/** A program of PostgreSQL's that is run to its end while the server does not run. */
public sealed interface Tool {
  /** Its file name. */
  String name();

  /** Whether it may be ended at any time, so that somebody with a newer stamp need not wait. */
  default boolean yields() {
    return false;
  }

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
   * The member's archive script, which may run beside the server.
   *
   * @param words what it is asked: letters, digits and dots
   */
  record Archive(List<String> words) implements Tool {
    /** Copies the list. */
    public Archive {
      words = List.copyOf(words);
      if (!words.stream().allMatch(word -> WORD.matcher(word).matches())) {
        throw new IllegalArgumentException("an archive script is asked in plain words");
      }
    }

    private static final Pattern WORD = Pattern.compile("[0-9A-Za-z.]+");

    @Override
    public String name() {
      return "archive script";
    }

    @Override
    public boolean yields() {
      return true;
    }
  }

  /**
   * The script that counts what the member's log has beyond the primary's, and keeps it.
   *
   * @param words what it is asked: letters, digits, dots and hyphens
   */
  record Tail(List<String> words) implements Tool {
    /** Copies the list. */
    public Tail {
      words = List.copyOf(words);
      if (!words.stream().allMatch(word -> WORD.matcher(word).matches())) {
        throw new IllegalArgumentException("a count of the log is asked for in plain words");
      }
    }

    private static final Pattern WORD = Pattern.compile("[0-9A-Za-z.-]+");

    @Override
    public String name() {
      return "count of the log";
    }

    @Override
    public boolean yields() {
      return true;
    }
  }

  /**
   * Fills the data directory, or a part of it, from whoever speaks at {@link Inside#meet}; what is
   * there already is not sent again.
   */
  record Rsync(Portion portion) implements Tool {
    @Override
    public String name() {
      return "rsync";
    }

    @Override
    public boolean yields() {
      return true;
    }
  }

  /**
   * Copies the source over the network into the empty data directory.
   *
   * @param source a conninfo without a password
   * @param rate how many KiB a second it may take, 32 to 1048576; 0 for as many as it can
   */
  record BaseBackup(String source, long rate) implements Tool {
    private static final long LEAST = 32;
    private static final long MOST = 1 << 20;

    /** The nearest rate that the program takes. */
    public BaseBackup {
      rate = rate == 0 ? 0 : Math.clamp(rate, LEAST, MOST);
    }

    @Override
    public String name() {
      return "pg_basebackup";
    }

    @Override
    public boolean yields() {
      return true;
    }
  }
}
