package io.cotidal.app.adopt;

import io.cotidal.cli.commands.LocalCommand;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Terminal;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code cot adopt}: a configuration of an older tool's files, and what of them cannot carry over.
 * Which tool's they are is seen from the files.
 */
public final class AdoptCommand implements LocalCommand {
  private static final int MOST_BYTES = 4_000_000;
  private static final int MOST_FILES = 100;

  private static final String HELP =
      """
      usage: cot adopt FILE... [-o FILE]

      Reads the files of an older tool and writes a configuration of Cotidal, in mode observe, to its output; on its
      error output it says what does not carry over, each with the reason and what to do. Nothing else changes.

        -o FILE    writes the configuration there, and passwords into files beside it that only you can read;
                   without it the configuration refers to variables of the environment

      """;

  private final List<Original> originals;

  /**
   * The command.
   *
   * @param originals those that are known; the first that knows one of the files gets all of them,
   *     the last what no other knows
   */
  public AdoptCommand(List<Original> originals) {
    this.originals = List.copyOf(originals);
  }

  private record Asked(List<Path> files, @Nullable Path output) {}

  @Override
  public String name() {
    return "adopt";
  }

  @Override
  public String summary() {
    return "Make a configuration of an older tool's files";
  }

  @Override
  public int run(List<String> arguments, Terminal terminal) {
    if (arguments.contains("--help") || arguments.contains("-h")) {
      terminal.out().print(HELP);
      originals.forEach(each -> terminal.out().println(each.help()));
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
      List<Original.Text> files = new ArrayList<>();
      for (Path file : asked.files()) {
        files.add(text(file));
      }
      whose(files).adopt(files, Optional.ofNullable(asked.output()), terminal);
      return ExitCode.OK.number();
    } catch (Refused e) {
      terminal.err().println("cot: " + e.getMessage());
      return ExitCode.FAILED.number();
    }
  }

  private Original whose(List<Original.Text> files) {
    return originals.stream()
        .filter(each -> files.stream().anyMatch(each::knows))
        .findFirst()
        .orElseGet(originals::getLast);
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
    if (files.isEmpty() || files.size() > MOST_FILES) {
      throw new IllegalArgumentException("name the files of the older tool");
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

  private static Original.Text text(Path file) throws Refused {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new Refused(file + ": has more than " + MOST_BYTES + " bytes; name the right file");
      }
      return new Original.Text(
          file, StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      throw new Refused(file + ": is not UTF-8 text; save it as UTF-8");
    } catch (NoSuchFileException e) {
      throw new Refused(file + ": does not exist; name the right file");
    } catch (IOException e) {
      throw new Refused(
          file + ": cannot be read (" + e.getClass().getSimpleName() + "); check file and rights");
    }
  }
}
