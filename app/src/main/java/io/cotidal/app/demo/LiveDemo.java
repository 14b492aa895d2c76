package io.cotidal.app.demo;

import io.cotidal.engine.Store;
import io.cotidal.lab.RoutedWriter;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.runtime.ControlPlane;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** {@code cot demo}: a cluster, its page and a writer, until somebody ends it. */
final class LiveDemo {
  private static final Duration REFRESH = Duration.ofMillis(200);
  private static final Duration REPORT = Duration.ofSeconds(5);

  private final Screen screen;
  private final Stop stop;

  /** Runs until {@code stop} asks for the end. */
  LiveDemo(Screen screen, Stop stop) {
    this.screen = screen;
    this.stop = stop;
  }

  void run(Site place) throws DemoProblem, IOException {
    try (Rig rig = Rig.start(place, "process", stop)) {
      tellSwept(screen, rig);
      DemoState found = new DemoState(ServerRegistry.self(), rig.cluster().folder(), rig.page());
      found.write(place.state());
      try (AutoCloseableQuietly events = follow(rig.control())) {
        assert events != null;
        welcome(rig);
        write(rig);
      } finally {
        found.forget(place.state());
      }
    }
    screen.say("Everything is stopped and removed.");
  }

  private void welcome(Rig rig) throws DemoProblem, IOException {
    screen.say("Making three PostgreSQL members in " + rig.cluster().folder() + " ...");
    rig.create();
    screen.say("");
    screen.say("The page (this link signs you in once): " + rig.link());
    screen.say("Kill the primary from another terminal:  ./cot demo break");
    screen.say("End everything:                          Ctrl-C");
    screen.say("");
  }

  private void write(Rig rig) {
    try (RoutedWriter writer =
        RoutedWriter.start(rig.cluster().members(), rig.cluster().login(), 1)) {
      Duration period = screen.live() ? REFRESH : REPORT;
      do {
        screen.status(line(writer));
      } while (!stop.within(period));
      screen.endStatus();
    }
  }

  private static String line(RoutedWriter writer) {
    String member = writer.member();
    return "%,d inserts acknowledged, %s, the last %.1f s ago"
        .formatted(
            writer.written(),
            member.isEmpty() ? "looking for a primary" : "writing to " + member,
            writer.silent().toMillis() / 1000.0);
  }

  private AutoCloseableQuietly follow(ControlPlane control) {
    AutoCloseable subscription =
        control.subscribe(change -> {
          if (change instanceof ControlPlane.Change.Logged logged) {
            tell(logged.event());
          }
        });
    return () -> {
      try {
        subscription.close();
      } catch (Exception e) {
        throw new IllegalStateException("the subscription did not end", e);
      }
    };
  }

  private void tell(Store.LoggedEvent logged) {
    screen.tell(logged.event().text());
  }

  /** Says what a demo that was killed had left behind. */
  static void tellSwept(Screen screen, Rig rig) {
    ServerRegistry.Swept swept = rig.swept();
    if (swept.labs() > 0) {
      screen.say(
          "Removed what an earlier demo left behind: %d processes and %d folders."
              .formatted(swept.processes(), swept.folders()));
    }
    for (Path file : swept.unreadable()) {
      screen.say(
          "The record " + file + " cannot be understood: delete it once none of its servers runs.");
    }
  }

  /** Something to close that does not throw what nobody can answer. */
  @FunctionalInterface
  private interface AutoCloseableQuietly extends AutoCloseable {
    @Override
    void close();
  }
}
