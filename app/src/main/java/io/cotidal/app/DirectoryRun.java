package io.cotidal.app;

import io.cotidal.app.config.Rereading;
import io.cotidal.cli.commands.LocalCommand;
import io.cotidal.cli.terminal.Terminal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code cot directory run}: a daemon with the variables of AutoRep and nothing else. */
public final class DirectoryRun implements LocalCommand {
  private static final String KIND = "directory";
  private static final List<String> FAMILIES = List.of("AUTOREP_", "RANCHER_", "LDAP_", "COT_");

  private static final String HELP =
      """
      usage: cot directory run [--listen HOST:PORT] [--store STORE] [--metrics-anonymous true|false]

      Keeps the replication of a directory as AutoRep's variables say it: AUTOREP_*, RANCHER_*, LDAP_*. Reads no file.
      Works unattended, every AUTOREP_UPDATE_PERIOD seconds; what needs an approval waits for it, and the rest is done.

        --listen HOST:PORT          where API and page answer (COT_LISTEN)
        --store STORE               sqlite:FILE or postgresql://USER@HOST/DATABASE: where the journal is kept (COT_STORE)
        --metrics-anonymous BOOL    whether /metrics needs no token (COT_METRICS_ANONYMOUS)
        --accept-commands BOOL      whether commands are taken at all (COT_ACCEPT_COMMANDS)

      COT_DIRECTORY_GRACE says how long a server may be missing before it is let go of (5m), COT_RANCHER_METADATA_URL
      where Rancher's metadata are.
      """;

  private final String version;
  private final ConfiguredCommand command;

  /** The command of a build of that version, in a process of that environment. */
  public DirectoryRun(String version, Map<String, String> environment) {
    this.version = version;
    Map<String, String> own = new TreeMap<>(environment);
    // Another kind's original may have left its variables here; this daemon is not about them.
    own.keySet().removeIf(name -> FAMILIES.stream().noneMatch(name::startsWith));
    command = new ConfiguredCommand("directory run", HELP, own);
  }

  @Override
  public String name() {
    return command.name();
  }

  @Override
  public String summary() {
    return "Run the daemon with AutoRep's variables alone";
  }

  @Override
  public int run(List<String> arguments, Terminal terminal) {
    return command.run(
        arguments,
        terminal,
        (reader, _) -> reader.readEnvironment(KIND),
        configuration -> Serve.serve(configuration, version, Rereading.NONE, terminal));
  }
}
