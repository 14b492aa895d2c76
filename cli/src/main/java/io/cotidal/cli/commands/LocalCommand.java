package io.cotidal.cli.commands;

import io.cotidal.cli.terminal.Terminal;
import java.util.List;

/**
 * A command that runs in this process instead of asking a server: {@code serve}, {@code demo},
 * {@code config explain}. It reads its own arguments, {@code --help} included.
 */
public interface LocalCommand {
  /**
   * Its word, or two words with one space between: {@code demo}, {@code demo tour}, {@code config
   * explain}.
   */
  String name();

  /** What it does, in one short sentence without a full stop. */
  String summary();

  /**
   * Runs it to its end.
   *
   * @param arguments what follows the name on the command line, as it was written
   * @return the exit code, see {@link io.cotidal.cli.terminal.ExitCode}
   */
  int run(List<String> arguments, Terminal terminal);
}
