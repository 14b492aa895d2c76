package io.cotidal.app;

import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.Feeds;
import io.cotidal.app.feeds.Settings;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Terminal;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * How a command of replicas comes by its configuration: from the original's variables alone if a
 * file of them is named, else as every daemon does.
 *
 * @param name the command's words without {@code cot}
 * @param help what {@code --help} prints
 * @param environment the process's
 */
record FeedCommandLine(String name, String help, Map<String, String> environment) {
  /** Reads what is written and lets {@code use} have it. */
  int run(
      List<String> arguments,
      Terminal terminal,
      BiFunction<Configuration, FeedArguments, ExitCode> use) {
    return run(arguments, terminal, false, use);
  }

  /** The same; {@code alone} takes nothing but the original's variables. */
  int run(
      List<String> arguments,
      Terminal terminal,
      boolean alone,
      BiFunction<Configuration, FeedArguments, ExitCode> use) {
    FeedArguments read;
    Map<String, String> own;
    try {
      read = FeedArguments.parse(arguments);
      own =
          read.environment().isPresent()
              ? Settings.with(environment, read.environment().get())
              : environment;
    } catch (IllegalArgumentException | IOException e) {
      terminal.err().println("cot: " + e.getMessage() + "; see cot " + name + " --help");
      return ExitCode.USAGE.number();
    }
    boolean variables = alone || read.environment().isPresent();
    return new ConfiguredCommand(name, help, variables ? Settings.only(own) : own)
        .run(
            read.others(),
            terminal,
            (reader, file) -> variables ? reader.readEnvironment(Feeds.KIND) : reader.read(file),
            configuration -> use.apply(configuration, read));
  }
}
