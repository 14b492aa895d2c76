package io.cotidal.lab;

import io.cotidal.remote.ProcessId;
import io.cotidal.remote.ProcessTable;
import io.cotidal.remote.Signal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The processes of the database servers under one directory, found by what they are: programs named
 * {@code postgres}, {@code mariadbd} or {@code pgpool} that work in it. So orphans of a killed
 * postmaster are found too.
 *
 * @param directory a data directory, or one that holds several
 */
public record ServerProcesses(Path directory) {
  private static final String POSTGRES = "postgres";
  private static final String POOL = "pgpool";
  private static final List<String> PROGRAMS = List.of(POSTGRES, "mariadbd", POOL);
  private static final char STOPPED = 'T';
  private static final Duration POLITE = Duration.ofMillis(500);
  private static final Duration LOOK = Duration.ofMillis(5);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Those that run or are stopped now; the oldest, so the postmaster, first. */
  public List<ProcessId> list() throws IOException {
    List<ProcessId> found = new ArrayList<>();
    for (String program : PROGRAMS) {
      found.addAll(new ProcessTable().workingUnder(directory, program));
    }
    return found.stream()
        .sorted(Comparator.comparingLong(ProcessId::start).thenComparingLong(ProcessId::pid))
        .toList();
  }

  /** Whether there is any. */
  public boolean running() throws IOException {
    return !list().isEmpty();
  }

  /** Kills them all with SIGKILL, stopped ones too, and waits until they are gone. */
  public void kill() throws IOException {
    until("gone", this::signalKill);
  }

  /**
   * Ends them all. A PostgreSQL server and a Pgpool-II may give their shared memory back first: one
   * that is killed leaves a piece, and after 4096 of them this machine starts no server any more.
   */
  void end() throws IOException {
    List<ProcessId> postgres = polite();
    for (ProcessId process : postgres) {
      Signal.QUIT.send(process);
    }
    for (ProcessId process : postgres.reversed()) {
      Signal.CONTINUE.send(process);
    }
    long patience = System.nanoTime() + POLITE.toNanos();
    while (!polite().isEmpty() && System.nanoTime() < patience) {
      LockSupport.parkNanos(LOOK.toNanos());
    }
    kill();
  }

  private List<ProcessId> polite() throws IOException {
    List<ProcessId> found = new ArrayList<>(new ProcessTable().workingUnder(directory, POSTGRES));
    found.addAll(new ProcessTable().workingUnder(directory, POOL));
    return found;
  }

  /** Stops them all with SIGSTOP: they keep their sockets, and answer nothing. */
  public void freeze() throws IOException {
    until("stopped", this::signalStop);
  }

  /** Lets all that were stopped go on. */
  public void thaw() throws IOException {
    // The postmaster last: what it would do to its children, it does to running ones.
    for (ProcessId process : list().reversed()) {
      Signal.CONTINUE.send(process);
    }
  }

  private boolean signalKill() throws IOException {
    List<ProcessId> all = list();
    for (ProcessId process : all) {
      Signal.KILL.send(process);
    }
    return all.isEmpty();
  }

  private boolean signalStop() throws IOException {
    ProcessTable table = new ProcessTable();
    boolean moving = false;
    for (ProcessId process : list()) {
      if (table.find(process.pid()).filter(entry -> entry.state() != STOPPED).isPresent()) {
        Signal.STOP.send(process);
        moving = true;
      }
    }
    return !moving;
  }

  private void until(String what, Attempt attempt) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!attempt.succeeded()) {
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "processes of "
                + directory
                + " are not "
                + what
                + " after "
                + PATIENCE.toSeconds()
                + " s");
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  @FunctionalInterface
  private interface Attempt {
    boolean succeeded() throws IOException;
  }
}
