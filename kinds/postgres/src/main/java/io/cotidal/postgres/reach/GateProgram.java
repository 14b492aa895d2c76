package io.cotidal.postgres.reach;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The program that is the gate on another machine, and what it must be told of a member. */
public final class GateProgram {
  /** What stands before our key in the account's list of keys, after the program's path. */
  private static final String RESTRICTED = "restrict,command=";

  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9_+-][A-Za-z0-9._+-]*)+");

  private GateProgram() {}

  /** Its text. */
  public static String text() {
    try (InputStream file = GateProgram.class.getResourceAsStream("gate.sh")) {
      if (file == null) {
        throw new IllegalStateException("gate.sh is missing from this build");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the program takes that path, of data, of programs, or of itself. */
  public static boolean takes(Path path) {
    return PATH.matcher(path.toString()).matches();
  }

  /**
   * What its file of one member says.
   *
   * @throws IllegalArgumentException if it does not take one of the paths
   */
  public static String member(Places places) {
    require(places.data());
    require(places.bin());
    return "data " + places.data() + "\nbin " + places.bin() + "\n";
  }

  /**
   * The options before the key that may run the program at {@code program} and nothing else.
   *
   * @throws IllegalArgumentException if it does not take the path
   */
  public static String options(Path program) {
    require(program);
    return RESTRICTED + '"' + program + '"';
  }

  private static void require(Path path) {
    if (!takes(path)) {
      throw new IllegalArgumentException(
          "'"
              + path
              + "': a path on a member over SSH holds letters, digits, . _ + - and no blank");
    }
  }
}
