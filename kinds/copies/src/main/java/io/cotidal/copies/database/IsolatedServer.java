package io.cotidal.copies.database;

import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.ProcessId;
import io.cotidal.remote.Program;
import io.cotidal.remote.Signal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A server that nobody can reach but through its socket in the run folder: for filling a data
 * folder. Closing it without {@link #stop} kills it.
 */
final class IsolatedServer implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(5);

  /** For PostgreSQL to give back its shared memory, which a kill leaves behind. */
  private static final Duration POLITE = Duration.ofMillis(200);

  private static final Duration FORCE = Duration.ofSeconds(5);

  private final LocalProcesses processes;
  private final Place place;
  private final ProcessId id;
  private final String executable;

  private IsolatedServer(LocalProcesses processes, Place place, ProcessId id, String executable) {
    this.processes = processes;
    this.place = place;
    this.id = id;
    this.executable = executable;
  }

  /** Whether a server answers. */
  @FunctionalInterface
  interface Ready {
    /** Looks, without waiting. */
    boolean now() throws IOException;
  }

  /** Starts it and waits until it answers. */
  static IsolatedServer start(
      LocalProcesses processes, Place place, Program program, Ready ready, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    ProcessId id = processes.launch(program, place.log());
    Path file = Path.of(program.arguments().getFirst()).toRealPath();
    IsolatedServer server =
        new IsolatedServer(processes, place, id, String.valueOf(file.getFileName()));
    boolean up = false;
    try {
      new Leftovers(processes, place).note(id.pid());
      while (!ready.now()) {
        if (!processes.table().alive(id)) {
          throw new EngineException(program.name() + " ended at its start: " + server.lastWords());
        }
        if (deadline.over()) {
          throw new EngineException(program.name() + " did not answer in time");
        }
        deadline.pause(LOOK);
      }
      up = true;
      return server;
    } finally {
      if (!up) {
        server.close();
      }
    }
  }

  /**
   * Stops it in order.
   *
   * @param signal by which this server stops cleanly
   * @throws EngineException if it did not in time; it is killed then
   */
  void stop(Signal signal, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    signal.send(id);
    while (!all().isEmpty()) {
      if (deadline.over()) {
        close();
        throw new EngineException("the server did not stop in time and was killed");
      }
      deadline.pause(LOOK);
    }
    new Leftovers(processes, place).forget();
  }

  /** Ends what is left of it, and waits until it is gone even if somebody is in a hurry. */
  @Override
  public void close() throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      Deadline deadline = Deadline.in(FORCE);
      Deadline polite = Deadline.in(POLITE);
      Signal.QUIT.send(id);
      List<ProcessId> left = all();
      while (!left.isEmpty()) {
        if (deadline.over()) {
          throw new IOException("processes of " + place.id() + " outlive a kill: " + left);
        }
        if (polite.over()) {
          for (ProcessId process : left) {
            Signal.KILL.send(process);
          }
        }
        interrupted |= !paused(deadline);
        left = all();
      }
      new Leftovers(processes, place).forget();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static boolean paused(Deadline deadline) {
    try {
      deadline.pause(LOOK);
      return true;
    } catch (InterruptedException e) {
      // The caller restores the interruption when the processes are gone.
      return false;
    }
  }

  /** PostgreSQL's children lead sessions of their own, but work in the same folder. */
  private List<ProcessId> all() throws IOException {
    List<ProcessId> all = new ArrayList<>(processes.table().session(id));
    all.addAll(processes.table().working(place.data(), executable));
    return all;
  }

  private String lastWords() throws IOException {
    String line =
        LocalProcesses.tail(place.log(), 0)
            .lines()
            .filter(each -> each.contains("ERROR") || each.contains("FATAL"))
            .reduce((first, second) -> second)
            .orElse("its log says nothing");
    return Complaints.bounded(line);
  }
}
