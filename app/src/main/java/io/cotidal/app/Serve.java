package io.cotidal.app;

import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.Rereading;
import io.cotidal.cli.commands.LocalCommand;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Terminal;
import io.cotidal.model.Actor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** {@code cot serve}: the daemon, until it is told to end. */
public final class Serve implements LocalCommand {
  /** How long an orderly end may take; then the process ends without it. */
  private static final Duration LIMIT = Duration.ofMillis(11_800);

  private static final String HELP =
      """
      usage: cot serve [--config FILE] [--listen HOST:PORT] [--store STORE] [--metrics-anonymous true|false]

      Runs the daemon until it is told to end (SIGTERM or Ctrl-C). The members run on without it.
      SIGHUP lets it read its configuration again, as cot apply does; the log says what came of it.

        --config FILE               the configuration; else $COT_CONFIG, ./cotidal.yaml, /etc/cotidal/cotidal.yaml
        --listen HOST:PORT          where API and page answer (COT_LISTEN)
        --store STORE               sqlite:FILE or postgresql://USER@HOST/DATABASE: where the journal is kept (COT_STORE)
        --metrics-anonymous BOOL    whether /metrics needs no token (COT_METRICS_ANONYMOUS)
        --accept-commands BOOL      whether commands are taken at all (COT_ACCEPT_COMMANDS)

      The first start writes an administrator's token into admin.token beside the store.
      """;

  private final String version;
  private final ConfiguredCommand command;

  /** The command of a build of that version, in a process of that environment. */
  public Serve(String version, Map<String, String> environment) {
    this.version = version;
    command = new ConfiguredCommand("serve", HELP, environment);
  }

  @Override
  public String name() {
    return command.name();
  }

  @Override
  public String summary() {
    return "Run the daemon";
  }

  @Override
  public int run(List<String> arguments, Terminal terminal) {
    return command.runAgain(
        arguments,
        terminal,
        (configuration, file) -> serve(configuration, version, file, terminal));
  }

  /** Runs the daemon of that configuration until it is told to end. */
  static ExitCode serve(
      Configuration configuration, String version, Rereading file, Terminal terminal) {
    Hangup hangup = new Hangup(Serve::hasTerminal, () -> System.exit(ExitCode.OK.number()));
    hangup.listen();
    try {
      Wiring wiring = Wiring.start(configuration, version, file);
      hangup.ready(wiring.rereading(new Actor("SIGHUP")));
      return untilTold(wiring, terminal);
    } catch (StartFailure e) {
      terminal.err().println("cot: " + e.getMessage());
      return ExitCode.FAILED;
    }
  }

  /** The device is there for every process, and opens for one that has a terminal. */
  private static boolean hasTerminal() {
    try {
      Files.newInputStream(Path.of("/dev/tty")).close();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static ExitCode untilTold(Wiring wiring, Terminal terminal) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(wiring, terminal), "shutdown"));
    if (terminal.errIsTerminal()) {
      terminal.err().println("The page, for one sign-in within ten minutes: " + wiring.link());
    }
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ExitCode.OK;
  }

  /** The JVM would end with 143 after SIGTERM; a daemon that ended as it was told ends with 0. */
  private static void end(Wiring wiring, Terminal terminal) {
    Thread closing = Thread.ofVirtual().name("stop").start(wiring::close);
    boolean orderly = false;
    try {
      orderly = closing.join(LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!orderly) {
      terminal.err().println("cot: the daemon did not end in order within " + LIMIT);
    }
    terminal.err().flush();
    Runtime.getRuntime().halt(orderly ? 0 : 1);
  }
}
