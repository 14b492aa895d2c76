package io.cotidal.app;

import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.Feeds;
import io.cotidal.app.config.Rereading;
import io.cotidal.app.kinds.Kinds;
import io.cotidal.app.kinds.Wing;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Terminal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One pass over replicas without a daemon, with the store that a daemon would have: what the pass
 * publishes, the next one and a daemon know.
 */
record FeedOnce(String version, Optional<String> name, Duration limit) {
  /** The pass; its exit code says what it came to. */
  ExitCode run(Configuration configuration, Terminal terminal) {
    Feeds feeds = configuration.of(Feeds.class);
    Feeds meant = name.map(feeds::only).orElse(feeds);
    if (meant.ids().isEmpty()) {
      terminal
          .err()
          .println(
              "cot: there is no feed "
                  + name.map(each -> "'" + each + "' ").orElse("")
                  + "in the configuration; cot config explain shows what there is");
      return ExitCode.NOT_FOUND;
    }
    Optional<String> taken = StoreInUse.by(configuration.store());
    if (taken.isPresent()) {
      terminal.err().println("cot: " + taken.get());
      return ExitCode.CONFLICT;
    }
    try {
      return pass(alone(configuration, meant), meant, terminal);
    } catch (StartFailure e) {
      terminal.err().println("cot: " + e.getMessage());
      return ExitCode.FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.STILL_RUNNING;
    }
  }

  private ExitCode pass(Configuration configuration, Feeds feeds, Terminal terminal)
      throws StartFailure, InterruptedException {
    List<Wing> wings =
        Kinds.ALL.stream().filter(wing -> wing.section().key().equals(Feeds.KIND)).toList();
    Wiring wiring =
        Wiring.start(
            new Wiring.Order(
                configuration, version, Rereading.NONE, UnaryOperator.identity(), wings));
    Thread ending = new Thread(wiring::close, "shutdown");
    Runtime.getRuntime().addShutdownHook(ending);
    try {
      FeedPass pass = new FeedPass(wiring.control(), feeds.ids(), feeds.patience());
      boolean rest = pass.await(limit);
      ExitCode told = pass.tell(terminal.out());
      if (!rest) {
        terminal.err().println("cot: not done within " + limit + "; the next pass goes on with it");
      }
      return rest || told == ExitCode.FAILED ? told : ExitCode.STILL_RUNNING;
    } finally {
      try {
        Runtime.getRuntime().removeShutdownHook(ending);
        wiring.close();
      } catch (IllegalStateException e) {
        // The process is told to end: the hook closes what there is.
        ending.join();
      }
    }
  }

  /** With nothing but those replicas, and where no daemon listens. */
  private static Configuration alone(Configuration configuration, Feeds feeds) {
    Map<Class<?>, Object> parts = new HashMap<>(configuration.kinds());
    parts.put(Feeds.class, feeds);
    return new Configuration(
        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0),
        configuration.store(),
        configuration.company(),
        configuration.anonymousMetrics(),
        parts,
        configuration.values());
  }
}
