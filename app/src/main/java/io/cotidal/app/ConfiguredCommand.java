package io.cotidal.app;

import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.ConfigurationReader;
import io.cotidal.app.config.Loaded;
import io.cotidal.app.config.Rereading;
import io.cotidal.app.kinds.Kinds;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Terminal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a command that uses the configuration comes by it: from its flags, the environment and the
 * file. Whatever is wrong with them is told here, all at once.
 *
 * @param name the command's words without {@code cot}
 * @param help what {@code --help} prints
 * @param environment the process's
 */
record ConfiguredCommand(String name, String help, Map<String, String> environment) {
  /** Copies the map. */
  ConfiguredCommand {
    environment = Map.copyOf(environment);
  }

  /**
   * Reads the configuration and lets {@code use} have it.
   *
   * @return the exit code: that of {@code use}, or of what kept it from being called
   */
  int run(List<String> arguments, Terminal terminal, Function<Configuration, ExitCode> use) {
    return run(arguments, terminal, (reader, file) -> reader.read(file), use);
  }

  /** The same with the file in which it is found again. */
  int runAgain(
      List<String> arguments,
      Terminal terminal,
      BiFunction<Configuration, Rereading, ExitCode> use) {
    Rereading[] file = {Rereading.NONE};
    return run(
        arguments,
        terminal,
        (reader, named) -> {
          // Found before it is read: what is read again must be what was read.
          file[0] = reader.again(named);
          return reader.read(named);
        },
        configuration -> use.apply(configuration, file[0]));
  }

  /**
   * The same with another way to read it.
   *
   * @param reading given the reader and the file that was named, null if none was
   */
  int run(
      List<String> arguments,
      Terminal terminal,
      BiFunction<ConfigurationReader, @Nullable Path, Loaded> reading,
      Function<Configuration, ExitCode> use) {
    if (arguments.contains("--help") || arguments.contains("-h")) {
      terminal.out().print(help);
      return ExitCode.OK.number();
    }
    Flags flags;
    try {
      flags = Flags.parse(arguments);
    } catch (IllegalArgumentException e) {
      terminal.err().println("cot: " + e.getMessage() + "; see cot " + name + " --help");
      return ExitCode.USAGE.number();
    }
    Loaded loaded =
        reading.apply(
            Kinds.reader(flags.others(), environment, Path.of("").toAbsolutePath()),
            flags.config());
    ExitCode code =
        switch (loaded) {
          case Loaded.Invalid invalid -> {
            invalid.problems().forEach(problem -> terminal.err().println("cot: " + problem));
            yield ExitCode.USAGE;
          }
          case Loaded.Valid valid -> use.apply(valid.configuration());
        };
    return code.number();
  }
}
