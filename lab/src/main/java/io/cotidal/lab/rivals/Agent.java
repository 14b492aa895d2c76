package io.cotidal.lab.rivals;

import io.cotidal.lab.ServerProcesses;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.remote.ProcessId;
import io.cotidal.remote.ProcessTable;
import io.cotidal.remote.Signal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A program of a rival's that runs on, with whatever it has started. Signals go to processes that
 * are found by their parents, never by their names.
 */
final class Agent {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration LOOK = Duration.ofMillis(5);

  private final ServerRegistry registry;
  private final Account account;
  private final List<String> program;
  private final Path log;
  private @Nullable Process process;

  /** One that does not run yet; what it says goes to {@code name.log} in the account's home. */
  Agent(ServerRegistry registry, Account account, String name, List<String> program) {
    this.registry = registry;
    this.account = account;
    this.program = List.copyOf(program);
    this.log = account.home().resolve(name + ".log");
  }

  /** Starts it unless it runs. */
  void start() throws IOException {
    Process known = process;
    if (known != null && known.isAlive()) {
      return;
    }
    process =
        registry.start(
            new ProcessBuilder(account.line(program))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectInput(Path.of("/dev/null").toFile()));
  }

  /** Whether it runs. */
  boolean runs() {
    Process known = process;
    return known != null && known.isAlive();
  }

  /** What it has said so far. */
  String said() throws IOException {
    return Files.exists(log) ? Files.readString(log, StandardCharsets.ISO_8859_1) : "";
  }

  /** Kills it and its children, but no server of PostgreSQL; waits until they are gone. */
  void kill() throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    List<ProcessId> all = family();
    boolean living = true;
    while (living) {
      living = false;
      for (ProcessId each : all) {
        Signal.KILL.send(each);
        living |= new ProcessTable().alive(each);
      }
      if (living && System.nanoTime() > end) {
        throw new IOException(program.getFirst() + " does not end");
      }
      LockSupport.parkNanos(living ? LOOK.toNanos() : 0);
    }
  }

  /** Asks it to end in order, and waits until it has; then whatever it started is its business. */
  void stop() throws IOException {
    Process known = process;
    if (known == null) {
      return;
    }
    for (ProcessId each : family()) {
      Signal.CONTINUE.send(each);
    }
    known.destroy();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (known.isAlive() && System.nanoTime() < end) {
      LockSupport.parkNanos(LOOK.toNanos());
    }
    kill();
  }

  /** Freezes it and its children. */
  void freeze() throws IOException {
    for (ProcessId each : family()) {
      Signal.STOP.send(each);
    }
  }

  /** Lets them go on. */
  void thaw() throws IOException {
    for (ProcessId each : family()) {
      Signal.CONTINUE.send(each);
    }
  }

  private List<ProcessId> family() throws IOException {
    Process known = process;
    if (known == null) {
      return List.of();
    }
    List<ProcessId> servers = new ServerProcesses(account.home()).list();
    List<ProcessId> found = new ArrayList<>();
    ProcessTable table = new ProcessTable();
    List<Long> pids = new ArrayList<>();
    known.toHandle().descendants().forEach(child -> pids.add(child.pid()));
    pids.addFirst(known.pid());
    for (long pid : pids) {
      Optional<ProcessTable.Entry> entry = table.find(pid);
      if (entry.isPresent() && !servers.contains(entry.get().id())) {
        found.add(entry.get().id());
      }
    }
    return found;
  }
}
