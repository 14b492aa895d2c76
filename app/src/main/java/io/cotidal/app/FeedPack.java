package io.cotidal.app;

import io.cotidal.app.feeds.Pack;
import io.cotidal.app.feeds.PackOrder;
import io.cotidal.cli.commands.LocalCommand;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Terminal;
import java.util.List;
import java.util.Map;

/** {@code cot feed pack}: at the master, what changed in a table since its last dump. */
public final class FeedPack implements LocalCommand {
  private static final String NAME = "feed pack";

  private static final String HELP =
      """
      usage: cot feed pack SCHEMA.TABLE --dump FILE --state FOLDER --into FOLDER --job FILE
             cot feed pack SCHEMA.TABLE --dump FILE --state FOLDER --into FOLDER --at USER@HOST:/FOLDER

      At the master: compares a table with what it held when it was packed last, and writes what changed beside its dump,
      so that replicas need not load the dump. With --job the job's document offers it; else what to write into the job's
      "data" is printed. The first packing of a table has nothing to compare with, and offers nothing.

        --dump FILE                 the table's dump, made since its last change
        --state FOLDER              what is remembered of tables from one time to the next; private, the same each time
        --into FOLDER               where deltas are written: where replicas may fetch them
        --job FILE                  the job's document, which names the dump already; the rest of it stays as it is
        --at USER@HOST:/FOLDER      that folder as replicas ask for it; with --job it is said as the dump's
        --last N                    so many deltas are offered (3): one more than the generations that replicas keep
        --snapshot NAME             of pg_export_snapshot(), the one that the dump was made in
        --host, --port, --database, --user
                                    of the master's database; else $PGHOST, $PGPORT, $PGDATABASE, $PGUSER
        --password-file FILE        holds the password; else $PGPASSWORD
        --for TIME                  how long it may take, for example 90s or 10m (1h)
      """;

  private final Map<String, String> environment;

  /** The command in a process of that environment. */
  public FeedPack(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Pack what changed in a table since its last dump, at the master";
  }

  @Override
  public int run(List<String> arguments, Terminal terminal) {
    if (arguments.contains("--help") || arguments.contains("-h")) {
      terminal.out().print(HELP);
      return ExitCode.OK.number();
    }
    try {
      Pack.Done done = new Pack(PackOrder.parse(arguments), environment).run();
      if (done.deltas().isPresent()) {
        // What a script reads stands alone.
        terminal.err().println(done.sentence());
        terminal.out().println(done.deltas().get());
      } else {
        terminal.out().println(done.sentence());
      }
      return ExitCode.OK.number();
    } catch (IllegalArgumentException e) {
      terminal.err().println("cot: " + e.getMessage() + "; see cot " + NAME + " --help");
      return ExitCode.USAGE.number();
    } catch (Pack.Failed e) {
      terminal.err().println("cot: " + e.getMessage());
      return ExitCode.FAILED.number();
    }
  }
}
