package io.cotidal.postgres.observe;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The parameters of a server that are ours to set, as it has them.
 *
 * @param parameters those that it knows, by name
 * @param waiting names of parameters, whoever set them, that wait for the server's next start
 * @param entrance how its {@code pg_hba.conf} is
 * @param fresh whether no act has changed something since it was asked
 */
public record ServerSettings(
    SortedMap<String, Parameter> parameters,
    List<String> waiting,
    Entrance entrance,
    boolean fresh) {
  /** Of our file's name alone the server's path may be told: links may lead to it. */
  public static final String OURS = "cotidal.conf";

  /** Copies what is given. */
  public ServerSettings {
    parameters = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
    waiting = List.copyOf(waiting);
  }

  /**
   * A parameter.
   *
   * @param setting the value in force, in {@code unit}
   * @param shown the same for people
   * @param kind what values it takes
   * @param context the server's word for when it can be changed, for example {@code postmaster}
   * @param source where the value in force is from, for example {@code default}
   * @param last the entry of the files that counts; empty if none names it
   * @param own what the file that belongs to Cotidal says; empty if it does not name it
   */
  public record Parameter(
      String name,
      String setting,
      String shown,
      Kind kind,
      String context,
      String source,
      Optional<Entry> last,
      Optional<String> own) {
    /** Whether a change takes effect at a start alone. */
    public boolean atStart() {
      return context.equals("postmaster");
    }

    /** Whether what our own session has says nothing of what others have. */
    public boolean ofSession() {
      if (context.endsWith("backend")) {
        return true;
      }
      return switch (source) {
        case "client", "session", "interactive", "database", "user", "database user", "global" ->
            true;
        default -> false;
      };
    }
  }

  /**
   * What values a parameter takes.
   *
   * @param type {@code bool}, {@code integer}, {@code real}, {@code enum} or {@code string}; {@code
   *     unknown} if the server knows no such parameter, or none before a module is loaded
   * @param unit of {@code setting}, for example {@code 8kB}; empty if none
   * @param least empty if there is none
   * @param most empty if there is none
   * @param words of an enumeration
   */
  public record Kind(String type, String unit, String least, String most, List<String> words) {
    /** Copies the list. */
    public Kind {
      words = List.copyOf(words);
    }
  }

  /**
   * The last entry of the configuration files for a parameter: the one that counts.
   *
   * @param file its path there
   * @param line its number
   * @param value as it is written
   */
  public record Entry(String file, int line, String value) {
    /** Whether it stands in the file that belongs to Cotidal. */
    public boolean ours() {
      return file.endsWith("/" + OURS);
    }

    /** Whether {@code ALTER SYSTEM} wrote it. */
    public boolean automatic() {
      return file.endsWith("/postgresql.auto.conf");
    }

    /** Where it stands, for people. */
    public String place() {
      return file.substring(file.lastIndexOf('/') + 1) + ":" + line;
    }
  }

  /**
   * Who is let in.
   *
   * @param kept whether our lines have ever been written there
   * @param missing addresses of which a line is missing
   * @param errors what the server cannot read of it, with the line's number
   */
  public record Entrance(boolean kept, List<String> missing, List<String> errors) {
    /** Copies the lists. */
    public Entrance {
      missing = List.copyOf(missing);
      errors = List.copyOf(errors);
    }
  }

  /** What the files say of a parameter, if they name it. */
  public Optional<String> entry(String name) {
    Parameter parameter = parameters.get(name);
    return parameter == null ? Optional.empty() : parameter.last().map(Entry::value);
  }

  /** The same, older than what has happened since. */
  ServerSettings aged() {
    return new ServerSettings(parameters, waiting, entrance, false);
  }
}
