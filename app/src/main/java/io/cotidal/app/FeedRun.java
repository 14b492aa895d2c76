package io.cotidal.app;

import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.Rereading;
import io.cotidal.cli.commands.LocalCommand;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Terminal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code cot feed run}: a daemon with the variables of Borg slave sync and nothing else. */
public final class FeedRun implements LocalCommand {
  private static final String NAME = "feed run";

  private static final String HELP =
      """
      usage: cot feed run [--env-file FILE] [--listen HOST:PORT] [--store STORE] [--metrics-anonymous true|false]

      Keeps a replica as the variables of Borg slave sync say it: SLAVE_NAME, SYNC_SERVER, LISTEN_CHANNELS, GEOSERVER_*
      and the others. Reads no configuration file. Works unattended, every POLL_INTERVAL seconds; what needs an approval
      waits for it, and the rest is done. SIGTERM ends it in order.

        --env-file FILE             the variables, NAME=VALUE a line; they go before those of the process
        --listen HOST:PORT          where API and page answer (COT_LISTEN)
        --store STORE               sqlite:FILE or postgresql://USER@HOST/DATABASE: where the journal is kept (COT_STORE)
        --metrics-anonymous BOOL    whether /metrics needs no token (COT_METRICS_ANONYMOUS)
        --accept-commands BOOL      whether commands are taken at all (COT_ACCEPT_COMMANDS)
      """;

  private final String version;
  private final Map<String, String> environment;

  /** The command of a build of that version, in a process of that environment. */
  public FeedRun(String version, Map<String, String> environment) {
    this.version = version;
    this.environment = Map.copyOf(environment);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Run the daemon with Borg slave sync's variables alone";
  }

  @Override
  public int run(List<String> arguments, Terminal terminal) {
    return new FeedCommandLine(NAME, HELP, environment)
        .run(
            arguments,
            terminal,
            true,
            (configuration, read) -> serve(configuration, read, terminal));
  }

  private ExitCode serve(Configuration configuration, FeedArguments read, Terminal terminal) {
    if (read.name().isPresent() || read.limit().isPresent()) {
      terminal.err().println("cot: it takes neither a name nor --for; see cot feed run --help");
      return ExitCode.USAGE;
    }
    Optional<String> taken = StoreInUse.by(configuration.store());
    if (taken.isPresent()) {
      terminal.err().println("cot: " + taken.get());
      return ExitCode.CONFLICT;
    }
    return Serve.serve(configuration, version, Rereading.NONE, terminal);
  }
}
