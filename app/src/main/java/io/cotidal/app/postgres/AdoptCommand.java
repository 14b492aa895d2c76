package io.cotidal.app.postgres;

import io.cotidal.app.config.HandyrepFile;
import io.cotidal.app.config.Problem;
import io.cotidal.cli.commands.LocalCommand;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Terminal;
import io.cotidal.postgres.compat.Adopted;
import io.cotidal.postgres.compat.Adoption;
import io.cotidal.postgres.compat.Foreign;
import io.cotidal.postgres.compat.UnreadableFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code cot adopt}: a configuration of HandyRep's files, and what of them cannot carry over. */
public final class AdoptCommand implements LocalCommand {
  private static final int MOST_BYTES = 4_000_000;

  private static final String HELP =
      """
      usage: cot adopt handyrep.conf|servers.save [the other one] [-o FILE]

      Reads HandyRep's files and writes a configuration of Cotidal, in mode observe, to its output; on its error output
      it says what does not carry over, each with the reason and what to do. Nothing else changes.

        -o FILE    writes the configuration there, and the passwords into files beside it that only you can read;
                   without it the configuration refers to variables of the environment

      servers.save knows the servers better than handyrep.conf; give both.
      """;

  /** The command. */
  public AdoptCommand() {}

  private record Asked(List<Path> files, @Nullable Path output) {}

  /** Ends the command; the message is one line. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String line) {
      super(line, null, false, false);
    }
  }

  @Override
  public String name() {
    return "adopt";
  }

  @Override
  public String summary() {
    return "Make a configuration of HandyRep's files";
  }

  @Override
  public int run(List<String> arguments, Terminal terminal) {
    if (arguments.contains("--help") || arguments.contains("-h")) {
      terminal.out().print(HELP);
      return ExitCode.OK.number();
    }
    Asked asked;
    try {
      asked = parse(arguments);
    } catch (IllegalArgumentException e) {
      terminal.err().println("cot: " + e.getMessage() + "; see cot adopt --help");
      return ExitCode.USAGE.number();
    }
    try {
      adopt(asked, terminal);
      return ExitCode.OK.number();
    } catch (Refused e) {
      terminal.err().println("cot: " + e.getMessage());
      return ExitCode.FAILED.number();
    }
  }

  private static Asked parse(List<String> arguments) {
    List<Path> files = new ArrayList<>();
    Path output = null;
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String argument = rest.next();
      if (argument.equals("-o") || argument.equals("--output")) {
        if (!rest.hasNext()) {
          throw new IllegalArgumentException(argument + " needs a file");
        }
        output = path(rest.next());
      } else if (argument.startsWith("-")) {
        throw new IllegalArgumentException("unknown argument '" + argument + "'");
      } else {
        files.add(path(argument));
      }
    }
    if (files.isEmpty() || files.size() > 2) {
      throw new IllegalArgumentException("name handyrep.conf, servers.save or both");
    }
    return new Asked(files, output);
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("'" + text + "' is no path", e);
    }
  }

  private static void adopt(Asked asked, Terminal terminal) throws Refused {
    Adopted adopted = adopted(asked.files());
    Passwords passwords = new Passwords(adopted, asked.output());
    String yaml = adopted.yaml(passwords::reference);
    List<Problem> faults = HandyrepFile.faults(yaml);
    if (!faults.isEmpty()) {
      Problem first = faults.getFirst();
      throw new Refused(
          first.path() + ": " + first.reason() + "; correct it in HandyRep's files first");
    }
    Path output = asked.output();
    if (output == null) {
      terminal.out().print(yaml);
      terminal.out().flush();
    } else {
      try {
        passwords.write(output, yaml);
      } catch (IOException e) {
        throw new Refused(output + ": not written (" + e.getMessage() + "); nothing was changed");
      }
      terminal.err().println("Written: " + output);
    }
    passwords.remarks().forEach(terminal.err()::println);
    if (!adopted.report().isEmpty()) {
      terminal.err().println("What does not carry over, or not as it was:");
      adopted.report().forEach(line -> terminal.err().println("  " + line));
    }
  }

  private static Adopted adopted(List<Path> files) throws Refused {
    Optional<Foreign.Group> configuration = Optional.empty();
    Optional<Foreign.Group> saved = Optional.empty();
    Path last = files.getLast();
    for (Path file : files) {
      try {
        HandyrepFile read = HandyrepFile.read(text(file));
        if ((read.saved() ? saved : configuration).isPresent()) {
          throw new Refused(file + ": is the same kind of file as the other one; give one of each");
        }
        if (read.saved()) {
          saved = Optional.of(read.content());
        } else {
          configuration = Optional.of(read.content());
        }
      } catch (UnreadableFile e) {
        throw new Refused(file + ": " + e.getMessage());
      }
    }
    try {
      return Adoption.of(
          configuration.orElse(Foreign.Group.EMPTY), saved.orElse(Foreign.Group.EMPTY));
    } catch (UnreadableFile e) {
      throw new Refused(last + ": " + e.getMessage());
    }
  }

  private static String text(Path file) throws Refused {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new Refused(file + ": has more than " + MOST_BYTES + " bytes; name the right file");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new Refused(file + ": is not UTF-8 text; save it as UTF-8");
    } catch (NoSuchFileException e) {
      throw new Refused(file + ": does not exist; name the right file");
    } catch (IOException e) {
      throw new Refused(
          file + ": cannot be read (" + e.getClass().getSimpleName() + "); check file and rights");
    }
  }

  /** The name of an account's secret in the environment. */
  static String variable(String cluster, String account) {
    return cluster
            .toUpperCase(Locale.ROOT)
            .replaceAll("[^A-Z0-9]", "_")
            .replaceFirst("^([0-9])", "_$1")
        + "_"
        + account.toUpperCase(Locale.ROOT)
        + "_PASSWORD";
  }
}
