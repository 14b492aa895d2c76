package io.cotidal.cli;

import io.cotidal.cli.api.Server;
import io.cotidal.cli.api.Unreachable;
import io.cotidal.cli.commands.Arguments;
import io.cotidal.cli.commands.Catalogue;
import io.cotidal.cli.commands.Commands;
import io.cotidal.cli.commands.Globals;
import io.cotidal.cli.commands.LocalCommand;
import io.cotidal.cli.commands.Session;
import io.cotidal.cli.commands.Surroundings;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import io.cotidal.cli.terminal.Style;
import io.cotidal.cli.terminal.Terminal;
import io.cotidal.cli.terminal.Text;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The command {@code cot}. */
public final class Cli {
  private static final int INTERRUPTED = 130;

  private final Surroundings surroundings;
  private final Catalogue catalogue;
  private final Commands commands;

  /**
   * A command line between {@code surroundings} and a server, with what the application puts into
   * it.
   */
  public Cli(Surroundings surroundings, Catalogue catalogue) {
    this.surroundings = surroundings;
    this.catalogue = catalogue;
    this.commands = new Commands(catalogue);
  }

  /**
   * Runs one command line to its end.
   *
   * @param arguments as the shell split them, without {@code cot} itself
   * @return the exit code, see {@link ExitCode}; 130 if the thread was interrupted
   */
  public int run(String[] arguments) {
    Terminal terminal = surroundings.terminal();
    try {
      return dispatch(Globals.split(List.of(arguments)));
    } catch (Failure failure) {
      terminal.err().println("cot: " + failure.line());
      return failure.exit().number();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return INTERRUPTED;
    } finally {
      terminal.out().flush();
      terminal.err().flush();
    }
  }

  private int dispatch(Globals globals) throws InterruptedException {
    List<String> words = globals.words();
    if (words.isEmpty()) {
      return withoutCommand(globals);
    }
    String first = words.getFirst();
    if (first.equals("help")) {
      return help(words.subList(1, words.size()));
    }
    if (words.size() > 1 && !words.get(1).startsWith("-")) {
      Optional<Integer> exit = tryCommand(first + " " + words.get(1), globals, 2);
      if (exit.isPresent()) {
        return exit.get();
      }
    }
    Optional<Integer> exit = tryCommand(first, globals, 1);
    return exit.isPresent() ? exit.get() : unknown(globals);
  }

  private int withoutCommand(Globals globals) {
    for (String option : globals.before()) {
      if (option.equals("--version") || option.equals("-V")) {
        surroundings.terminal().out().println("cot " + catalogue.version());
        return ExitCode.OK.number();
      }
    }
    if (globals.help() || globals.before().isEmpty()) {
      surroundings.terminal().out().print(help().all());
      return ExitCode.OK.number();
    }
    throw Failure.usage(
        "no command behind " + String.join(" ", globals.before()), "cot --help shows the commands");
  }

  private Optional<Integer> tryCommand(String name, Globals globals, int count)
      throws InterruptedException {
    List<String> rest = globals.after(count);
    Optional<Commands.Found> found = commands.find(name);
    if (found.isPresent()) {
      return Optional.of(run(found.get(), rest));
    }
    Optional<LocalCommand> local = commands.local(name);
    return local.map(command -> command.run(rest, surroundings.terminal()));
  }

  private int run(Commands.Found found, List<String> rest) throws InterruptedException {
    if (rest.contains(Globals.HELP) || rest.contains(Globals.HELP_SHORT)) {
      return show(found);
    }
    Arguments arguments = found.form().parse(rest);
    Session session = new Session(arguments, surroundings);
    try {
      return found.command().run(arguments, session).number();
    } catch (Unreachable e) {
      throw unreachable(session.api().server(), e);
    }
  }

  private static Failure unreachable(Server server, Unreachable e) {
    return new Failure(
        ExitCode.FAILED,
        "cannot reach " + server + " (" + e.reason() + "): is `cot serve` running?",
        "");
  }

  private int show(Commands.Found found) {
    Terminal terminal = surroundings.terminal();
    int width = terminal.outIsTerminal() ? terminal.columns().getAsInt() : 0;
    terminal.out().print(found.form().help(style(), width == 0 ? 80 : width));
    return ExitCode.OK.number();
  }

  /** {@code cot help …}. */
  private int help(List<String> words) throws InterruptedException {
    if (words.isEmpty()) {
      surroundings.terminal().out().print(help().all());
      return ExitCode.OK.number();
    }
    Optional<Commands.Found> found = commands.find(String.join(" ", words));
    if (found.isPresent()) {
      return show(found.get());
    }
    Globals asked = new Globals(words, List.of(Globals.HELP));
    return dispatch(asked);
  }

  private Help help() {
    return new Help(commands, style());
  }

  private Style style() {
    return Style.of(surroundings.environment(), surroundings.terminal().outIsTerminal());
  }

  private int unknown(Globals globals) {
    List<String> words = globals.words();
    String first = words.getFirst();
    boolean bare = words.size() == 1 || words.get(1).startsWith("-");
    String group = help().group(first);
    if (!group.isEmpty() && bare) {
      boolean asked = globals.help() || words.contains(Globals.HELP) || words.contains("-h");
      Terminal terminal = surroundings.terminal();
      (asked ? terminal.out() : terminal.err()).print(group);
      return (asked ? ExitCode.OK : ExitCode.USAGE).number();
    }
    String written = group.isEmpty() ? first : first + " " + words.get(1);
    String near = Text.nearest(written, candidates(group.isEmpty()));
    String help = group.isEmpty() ? "cot --help" : "cot " + first + " --help";
    throw Failure.usage(
        "no command '" + written + "'",
        near.isEmpty() ? help + " shows the commands" : "did you mean: cot " + near + "?");
  }

  private Set<String> candidates(boolean firstWords) {
    Set<String> candidates = new TreeSet<>();
    for (String name : commands.names()) {
      candidates.add(firstWords ? name.split(" ", 2)[0] : name);
    }
    return candidates;
  }
}
