package io.cotidal.copies.steps;

import io.cotidal.copies.database.Administration;
import io.cotidal.copies.database.EngineException;
import io.cotidal.copies.database.Place;
import io.cotidal.copies.plan.Acts;
import io.cotidal.copies.servers.ServerRuntime.Standing;
import io.cotidal.copies.servers.StartQueue;
import io.cotidal.model.Details;
import io.cotidal.model.Secret;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;

/** Starts the server of a place and waits until its administrator can log in. */
final class Startup {
  private static final Duration LOOK = Duration.ofMillis(10);
  private static final int TRIES_A_LOOK = 5;
  private static final Duration LOGIN = Duration.ofSeconds(5);
  private static final Duration STOP = Duration.ofSeconds(10);
  private static final int PORTS = 3;

  private final Bench bench;
  private final Function<Place, Program> program;
  private final boolean shared;
  private final String copy;

  /** Starts servers that have their copy for themselves. */
  Startup(Bench bench) {
    this(
        bench,
        place -> bench.tools().engine().server(bench.tools().installation(), place),
        false,
        "");
  }

  /** Starts such servers, which many copies share. */
  Startup(Bench bench, Function<Place, Program> program) {
    this(bench, program, true, "");
  }

  private Startup(Bench bench, Function<Place, Program> program, boolean shared, String copy) {
    this.bench = bench;
    this.program = program;
    this.shared = shared;
    this.copy = copy;
  }

  /**
   * The same for the copy of that name, which stands where people look at processes or containers.
   *
   * @param name empty if it has none yet, as a spare
   */
  Startup named(String name) {
    return new Startup(bench, program, shared, name);
  }

  /** In the words that the original's tools read, as far as they do not change. */
  private Details labels(Place place) {
    Details labels =
        Details.of("template", bench.spec().id().name())
            .with(
                "provider",
                tools().engine().name().equals("mariadb") ? "mysql" : tools().engine().name())
            .with("username", bench.spec().database().user())
            .with(Acts.ID, place.id());
    return copy.isEmpty() ? labels : labels.with("instance", copy);
  }

  private Bench.Tools tools() {
    return bench.tools();
  }

  /**
   * A session with the server of that place, which is started if it does not run. A stranger who
   * took the port meanwhile costs another port, not the start.
   *
   * @param movable whether nobody knows the port yet, so that another one will do
   */
  Administration up(String id, Secret administrator, boolean movable, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    Set<Integer> refused = new HashSet<>();
    while (true) {
      Place place = bench.place(id);
      try (StartQueue.Turn _ = bench.tools().starts().enter(deadline)) {
        return start(place, administrator, deadline);
      } catch (Fallen e) {
        refused.add(place.port());
        if (!movable || refused.size() >= PORTS || free(place.port())) {
          throw new EngineException(String.valueOf(e.getMessage()), e);
        }
      }
      bench.tools().ports().take(place.run(), refused);
      if (bench.place(id).uid() != place.uid()) {
        // The account goes with the port.
        Owner.take(bench.layout().folder(id), bench.place(id).uid());
      }
    }
  }

  /** The server ended instead of answering. */
  private static final class Fallen extends Exception {
    private static final long serialVersionUID = 1;

    Fallen(String message) {
      super(message);
    }
  }

  /** Before its server can write: data that was replaced, or made before there was a quota, too. */
  private void limit(Place place) throws IOException {
    long quota = bench.spec().storage().quotaBytes();
    if (quota > 0 && !shared) {
      bench.tools().volume().limit(place.data(), quota);
    }
  }

  private Administration start(Place place, Secret administrator, Deadline deadline)
      throws Fallen, EngineException, IOException, InterruptedException {
    Bench.Tools tools = bench.tools();
    switch (tools.runtime().standing(place)) {
      case RUNNING -> {}
      case PAUSED -> tools.runtime().resume(place);
      case GONE -> {
        limit(place);
        tools.runtime().start(place, program.apply(place), labels(place), deadline);
      }
    }
    EngineException last = new EngineException(place.id() + " did not answer in time");
    for (int tries = 1; !deadline.over(); tries++) {
      try {
        return tools.engine().administer(place, administrator, min(LOGIN, deadline.left()));
      } catch (EngineException e) {
        last = e;
      }
      // A look at all processes takes time from the very server that is awaited.
      if (tries % TRIES_A_LOOK == 0 && tools.runtime().standing(place) == Standing.GONE) {
        String words = tools.runtime().lastWords(place);
        throw new Fallen(
            "the server of "
                + place.id()
                + " ended as it started"
                + (words.isEmpty() ? "; it said nothing" : ": " + words));
      }
      deadline.pause(LOOK);
    }
    String words = tools.runtime().lastWords(place);
    throw words.isEmpty()
        ? last
        : new EngineException(last.getMessage() + "; it says: " + words, last);
  }

  /** Ends the server, cleanly if its data will be needed. */
  void down(String id, boolean clean, Deadline deadline) throws IOException, InterruptedException {
    bench.sessions().drop(id);
    Path run = bench.layout().run(id);
    if (Files.isDirectory(run)) {
      bench
          .tools()
          .runtime()
          .stop(bench.place(id), clean, clean ? deadline : deadline.atMost(STOP));
    }
  }

  private boolean free(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(
          new InetSocketAddress(InetAddress.ofLiteral(bench.spec().service().listen()), port), 1);
      return true;
    } catch (IOException e) {
      // Somebody else has it: that is what we wanted to know.
      return false;
    }
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
