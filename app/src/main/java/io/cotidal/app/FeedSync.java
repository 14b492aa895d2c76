package io.cotidal.app;

import io.cotidal.cli.commands.LocalCommand;
import io.cotidal.cli.terminal.Terminal;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** {@code cot feed sync}: one pass over replicas, without a daemon. */
public final class FeedSync implements LocalCommand {
  private static final String NAME = "feed sync";
  private static final Duration LIMIT = Duration.ofMinutes(30);

  private static final String HELP =
      """
      usage: cot feed sync [NAME] [--env-file FILE | --config FILE] [--store STORE] [--for TIME]

      Brings replicas to what their state repositories say, once, without a daemon: pulls, publishes, withdraws, and
      prints what was done. Refused while a daemon works with the same store: it does that by itself.

        NAME                        which replica; all if left out
        --env-file FILE             the original's variables, NAME=VALUE a line; no other file is read then
        --config FILE               the configuration; else $COT_CONFIG, ./cotidal.yaml, /etc/cotidal/cotidal.yaml
        --store STORE               sqlite:FILE or postgresql://USER@HOST/DATABASE: where the journal is kept (COT_STORE)
        --for TIME                  how long it may take, for example 90s or 10m (30m)

      Ends with 0 if all is in force, 1 if something failed, 5 if a daemon has the store, 7 if the time was over, and 8
      if something waits for a person, who approves it: in mode observe or propose, or more is to go than is taken for granted.
      """;

  private final String version;
  private final Map<String, String> environment;

  /** The command of a build of that version, in a process of that environment. */
  public FeedSync(String version, Map<String, String> environment) {
    this.version = version;
    this.environment = Map.copyOf(environment);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Bring replicas up to date once, without a daemon";
  }

  @Override
  public int run(List<String> arguments, Terminal terminal) {
    return new FeedCommandLine(NAME, HELP, environment)
        .run(arguments, terminal, (configuration, read) -> once(read).run(configuration, terminal));
  }

  private FeedOnce once(FeedArguments read) {
    return new FeedOnce(version, read.name(), read.limit().orElse(LIMIT));
  }
}
