package io.cotidal.app.objects;

import io.cotidal.app.config.ConfigurationReader;
import io.cotidal.app.config.Loaded;
import io.cotidal.app.config.Namespaces;
import io.cotidal.cli.commands.LocalCommand;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Terminal;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** {@code cot gateway}: the gateway before one site of a namespace, until it is told to end. */
public final class GatewayCommand implements LocalCommand {
  /** So long requests that have begun may go on. */
  private static final Duration DRAIN = Duration.ofSeconds(30);

  /** How long an orderly end may take; then the process ends without it. */
  private static final Duration LIMIT = Duration.ofSeconds(50);

  private static final String HELP =
      """
      usage: cot gateway NAMESPACE [--site SITE] [--config FILE]

      Stands before one site's Swift: passes all on to it, and carries what clients make, change and delete of containers
      and accounts to the other sites. Reads the daemon's configuration; needs neither the daemon nor its store. Runs
      until it is told to end (SIGTERM or Ctrl-C): then it takes no more connections, and what has begun may end within 30 s.

        --site SITE                 before which site; may be left out if one site alone has a gateway
        --config FILE               the configuration; else $COT_CONFIG, ./cotidal.yaml, /etc/cotidal/cotidal.yaml
      """;

  private final ConfigurationReader reader;

  /** The command with that reader of the configuration. */
  public GatewayCommand(ConfigurationReader reader) {
    this.reader = reader;
  }

  @Override
  public String name() {
    return "gateway";
  }

  @Override
  public String summary() {
    return "Run the gateway before one site of a namespace";
  }

  @Override
  public int run(List<String> arguments, Terminal terminal) {
    if (arguments.contains("--help") || arguments.contains("-h")) {
      terminal.out().print(HELP);
      return ExitCode.OK.number();
    }
    GatewayChoice choice;
    try {
      GatewayArguments read = GatewayArguments.parse(arguments);
      switch (reader.read(read.config())) {
        case Loaded.Invalid invalid -> {
          invalid.problems().forEach(problem -> terminal.err().println("cot: " + problem));
          return ExitCode.USAGE.number();
        }
        case Loaded.Valid valid ->
            choice = GatewayChoice.of(valid.configuration().of(Namespaces.class), read);
      }
    } catch (IllegalArgumentException e) {
      terminal.err().println("cot: " + e.getMessage() + "; see cot gateway --help");
      return ExitCode.USAGE.number();
    }
    return serve(choice, terminal).number();
  }

  private static ExitCode serve(GatewayChoice choice, Terminal terminal) {
    GatewayProcess process;
    try {
      process = GatewayProcess.start(choice);
    } catch (IOException e) {
      terminal.err().println("cot: " + choice.title() + ": " + e.getMessage());
      return ExitCode.FAILED;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process, terminal), "shutdown"));
    terminal.out().println(process.line());
    terminal.out().flush();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ExitCode.OK;
  }

  /** The JVM would end with 143 after SIGTERM; a gateway that ended as it was told ends with 0. */
  private static void end(GatewayProcess process, Terminal terminal) {
    AtomicBoolean whole = new AtomicBoolean();
    Thread closing =
        Thread.ofVirtual()
            .name("stop")
            .start(() -> {
              try {
                whole.set(process.close(Deadline.in(DRAIN)));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    boolean orderly = false;
    try {
      orderly = closing.join(LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!orderly) {
      terminal.err().println("cot: the gateway did not end in order within " + LIMIT);
    } else if (!whole.get()) {
      terminal
          .err()
          .println("cot: requests that had not ended within " + DRAIN + " were broken off");
    }
    terminal.err().flush();
    Runtime.getRuntime().halt(orderly ? 0 : 1);
  }
}
