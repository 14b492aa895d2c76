package io.cotidal.app.feeds;

import io.cotidal.feeds.repository.HgRc;
import io.cotidal.feeds.repository.RepositoryException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Puts {@code cot feed hook} into the {@code hgrc} of a clone.
 *
 * @param repository the clone, of Mercurial
 * @param command the whole command line of the hook
 */
public record HookInstallation(Path repository, List<String> command) {
  /** Where the start script says that it lies. */
  private static final String PROGRAM = "cot.program";

  /** Copies the list. */
  public HookInstallation {
    command = List.copyOf(command);
  }

  /** It could not be put there; one line. */
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(RepositoryException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /**
   * Reads the words behind {@code cot feed hook install}.
   *
   * @throws IllegalArgumentException naming the first that is not understood, or is missing
   */
  public static HookInstallation parse(List<String> arguments) {
    Optional<Path> clone = Optional.empty();
    String program = System.getProperty(PROGRAM, "");
    List<String> flags = new ArrayList<>();
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String argument = rest.next();
      if (!argument.startsWith("-")) {
        if (clone.isPresent()) {
          throw new IllegalArgumentException("'" + argument + "' is one word too many");
        }
        clone = Optional.of(path(argument));
        continue;
      }
      int equals = argument.indexOf('=');
      String word = equals < 0 ? argument : argument.substring(0, equals);
      if (equals < 0 && !rest.hasNext()) {
        throw new IllegalArgumentException(word + " needs a value");
      }
      String value = equals < 0 ? rest.next() : argument.substring(equals + 1);
      switch (word) {
        case "--program" -> program = path(value).toString();
        case "--env-file", "--config" -> flags.addAll(List.of(word, path(value).toString()));
        default -> throw new IllegalArgumentException("unknown argument '" + word + "'");
      }
    }
    if (program.isEmpty()) {
      throw new IllegalArgumentException("nobody says where cot is; name it with --program");
    }
    List<String> command = new ArrayList<>(List.of(program, "feed", "hook"));
    command.addAll(flags);
    return new HookInstallation(
        clone.orElseThrow(() -> new IllegalArgumentException("CLONE is missing")), command);
  }

  private static Path path(String text) {
    try {
      return Path.of(text).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("'" + text + "' is no path", e);
    }
  }

  /**
   * Does it.
   *
   * @return what was done, a line each
   * @throws Refused if it cannot be done
   */
  public List<String> run() throws Refused {
    HgRc.Installed done;
    try {
      done = HgRc.install(repository, command);
    } catch (RepositoryException e) {
      throw new Refused(e);
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        repository
            + (done.changed() ? ": the hook is in .hg/hgrc" : ": the hook was there already"));
    done.switchedOff().forEach(hook -> lines.add("switched off, and a comment now: " + hook));
    done.includes().forEach(file -> lines.add("not looked into, for it is included: " + file));
    done.backup().ifPresent(file -> lines.add("the file before: " + file));
    return lines;
  }
}
