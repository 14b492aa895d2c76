package io.cotidal.app;

import io.cotidal.app.feeds.HookInstallation;
import io.cotidal.app.feeds.Settings;
import io.cotidal.cli.commands.LocalCommand;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Terminal;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * {@code cot feed hook}: one pass as Mercurial's hook {@code pretxnchangegroup}; and {@code cot
 * feed hook install}, which puts it there.
 */
public final class FeedHook implements LocalCommand {
  private static final String NAME = "feed hook";
  private static final String INSTALL = "install";
  private static final Duration LIMIT = Duration.ofHours(1);

  private static final String HELP =
      """
      usage: cot feed hook [NAME] [--env-file FILE | --config FILE] [--store STORE] [--for TIME]
             cot feed hook install CLONE [--env-file FILE | --config FILE] [--program PATH]

      The first is run by Mercurial as pretxnchangegroup, in the clone, before it keeps what it has pulled: the pass is
      that of cot feed sync, over the commits that came. Any failure ends it with another code than 0, and Mercurial
      takes the commits back. A daemon that works with the same store refuses it.

      The second puts it into .hg/hgrc of CLONE, refuses commits of the clone's own, and keeps the file before beside it.

        --env-file FILE             the original's variables, NAME=VALUE a line; no other file is read then
        --config FILE               the configuration; else $COT_CONFIG, ./cotidal.yaml, /etc/cotidal/cotidal.yaml
        --store STORE               sqlite:FILE or postgresql://USER@HOST/DATABASE: where the journal is kept (COT_STORE)
        --for TIME                  how long it may take, for example 90s or 10m (1h)
        --program PATH              the program that Mercurial shall run; cot itself if left out
      """;

  private final String version;
  private final Map<String, String> environment;

  /** The command of a build of that version, in a process of that environment. */
  public FeedHook(String version, Map<String, String> environment) {
    this.version = version;
    this.environment = Map.copyOf(environment);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Publish within Mercurial's hook, or put it into a clone's hgrc";
  }

  @Override
  public int run(List<String> arguments, Terminal terminal) {
    boolean asks = arguments.contains("--help") || arguments.contains("-h");
    if (!asks && !arguments.isEmpty() && arguments.getFirst().equals(INSTALL)) {
      return install(arguments.subList(1, arguments.size()), terminal);
    }
    if (!asks && environment.getOrDefault("HG_NODE", "").isEmpty()) {
      terminal
          .err()
          .println(
              "cot: HG_NODE is not set, so Mercurial has not started this; cot feed hook install"
                  + " CLONE lets it, and cot feed sync works without Mercurial");
      return ExitCode.USAGE.number();
    }
    return new FeedCommandLine(NAME, HELP, Settings.hooked(environment))
        .run(
            arguments,
            terminal,
            (configuration, read) ->
                new FeedOnce(version, read.name(), read.limit().orElse(LIMIT))
                    .run(configuration, terminal));
  }

  private static int install(List<String> arguments, Terminal terminal) {
    try {
      HookInstallation.parse(arguments).run().forEach(terminal.out()::println);
      return ExitCode.OK.number();
    } catch (IllegalArgumentException e) {
      terminal.err().println("cot: " + e.getMessage() + "; see cot feed hook --help");
      return ExitCode.USAGE.number();
    } catch (HookInstallation.Refused e) {
      terminal.err().println("cot: " + e.getMessage());
      return ExitCode.FAILED.number();
    }
  }
}
