package io.cotidal.copies.servers.docker;

import io.cotidal.copies.database.Place;
import io.cotidal.remote.Program;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What fits into an image from the engine's program: the family and the arguments after the
 * program's name. The image's own entrypoint puts its server before them, as the official images do
 * with arguments that begin with a dash.
 *
 * @param family whose server it is
 * @param arguments for the server; paths of the data and run folders are the same inside
 */
record ImageProgram(Family family, List<String> arguments) {
  /** Where the host keeps its own programs, which are not those of the image. */
  private static final Set<String> OF_THE_HOST =
      Set.of(
          "--basedir", "--lc-messages-dir", "--plugin-dir", "--character-sets-dir", "--user", "-u");

  ImageProgram {
    arguments = List.copyOf(arguments);
  }

  /** Families of servers, by what an image of them expects. */
  enum Family {
    /** MariaDB and MySQL. */
    MYSQL("mariadbd", "mysqld", "SIGTERM", "mysql"),
    /** PostgreSQL: SIGTERM would wait for clients to leave, SIGINT does not. */
    POSTGRES("postgres", "postmaster", "SIGINT", "PG_VERSION");

    private final String program;
    private final String olderName;
    private final String stopSignal;
    private final String mark;

    Family(String program, String olderName, String stopSignal, String mark) {
      this.program = program;
      this.olderName = olderName;
      this.stopSignal = stopSignal;
      this.mark = mark;
    }

    /** Whether a program of that file name is a server of this family. */
    boolean runs(String name) {
      return name.equals(program) || name.equals(olderName);
    }

    /** The signal at which the server stops in order. */
    String stopSignal() {
      return stopSignal;
    }

    /** What lies in every initialised data folder, and what the official entrypoints look for. */
    String mark() {
      return mark;
    }
  }

  /**
   * From the engine's program, which may be started through others such as setpriv.
   *
   * @throws IllegalArgumentException if it starts no server of a known family
   */
  static ImageProgram of(Program program, Place place) {
    List<String> line = program.arguments();
    for (int at = 0; at < line.size(); at++) {
      String name = String.valueOf(Path.of(line.get(at)).getFileName());
      for (Family family : Family.values()) {
        if (family.runs(name)) {
          return new ImageProgram(
              family, fitting(family, place, line.subList(at + 1, line.size())));
        }
      }
    }
    throw new IllegalArgumentException(
        program.name() + " is no server that an image is known for: mariadbd, mysqld or postgres");
  }

  private static List<String> fitting(Family family, Place place, List<String> arguments) {
    List<String> kept = new ArrayList<>();
    boolean temporary = false;
    for (String argument : arguments) {
      String option = argument.split("=", 2)[0];
      temporary |= option.equals("--tmpdir");
      if (family == Family.POSTGRES || !OF_THE_HOST.contains(option)) {
        kept.add(argument);
      }
    }
    if (family == Family.MYSQL && !temporary) {
      // /tmp in the container is small and counts as memory; a big sort must not fail there.
      kept.add("--tmpdir=" + place.run());
    }
    return kept;
  }
}
