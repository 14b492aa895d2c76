package io.cotidal.lab.swift;

import io.cotidal.lab.ServerRegistry;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.ProcessId;
import io.cotidal.remote.ProcessTable;
import io.cotidal.remote.Signal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The processes of a site: started, waited for, ended. */
final class SwiftServers {
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ServerRegistry registry;
  private final SwiftFiles files;
  private final LabProgram launcher;
  private final Map<SwiftService, ProcessId> running = new EnumMap<>(SwiftService.class);
  private final Map<SwiftService, CompletableFuture<String>> asked =
      new EnumMap<>(SwiftService.class);

  SwiftServers(ServerRegistry registry, SwiftFiles files, LabProgram launcher) {
    this.registry = registry;
    this.files = files;
    this.launcher = launcher;
  }

  /** Asks for all that do not run. */
  void launch() throws IOException {
    for (SwiftService service : SwiftService.values()) {
      if (!runs(service)) {
        launch(service);
      }
    }
  }

  /** Asks for one. */
  synchronized void launch(SwiftService service) throws IOException {
    if (service == SwiftService.MEMCACHED) {
      running.put(service, id(memcached().pid()));
      return;
    }
    String word = service.word();
    asked.put(
        service,
        launcher.tell(
            "serve", word, files.conf(word + "-server").toString(), files.log(word).toString()));
  }

  private Process memcached() throws IOException {
    List<String> line = LabProgram.unprivileged();
    line.addAll(List.of("/usr/bin/memcached", "-l", "127.0.0.1", "-m", "32", "-t", "1"));
    line.addAll(List.of("-p", Integer.toString(port(SwiftService.MEMCACHED))));
    Path log = files.log(SwiftService.MEMCACHED.word());
    return registry.start(
        new ProcessBuilder(line)
            .directory(Path.of("/").toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())));
  }

  /** Waits until all that was asked for answers. */
  synchronized void launched(Deadline deadline) throws IOException {
    for (Map.Entry<SwiftService, CompletableFuture<String>> each : asked.entrySet()) {
      long pid = Long.parseLong(launcher.hear(each.getValue(), deadline));
      registry.record(pid);
      running.put(each.getKey(), id(pid));
    }
    asked.clear();
    for (SwiftService service : SwiftService.values()) {
      if (runs(service)) {
        until(deadline, service, () -> answers(service));
      }
    }
  }

  private ProcessId id(long pid) throws IOException {
    Optional<ProcessTable.Entry> entry = new ProcessTable().find(pid);
    if (entry.isEmpty()) {
      throw new IOException("a process of a Swift site ended at once; see " + files.log("site"));
    }
    return entry.get().id();
  }

  private boolean runs(SwiftService service) throws IOException {
    ProcessId process = running.get(service);
    return process != null && new ProcessTable().alive(process);
  }

  private int port(SwiftService service) {
    return files.ports().getOrDefault(service, 0);
  }

  private boolean answers(SwiftService service) throws IOException {
    if (!runs(service)) {
      throw new IOException(
          service.word() + " of a Swift site has ended; see " + files.log(service.word()));
    }
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port(service));
    try {
      if (service == SwiftService.MEMCACHED) {
        try (Socket socket = new Socket()) {
          socket.connect(address, 1_000);
          return true;
        }
      }
      RawRequest question = RawRequest.of("GET", "/healthcheck").with("Connection", "close");
      return new RawHttp(address, Duration.ofSeconds(5)).ask(question).status() == 200;
    } catch (IOException e) {
      // Not yet.
      return false;
    }
  }

  /** Ends them in order, one after the other. */
  synchronized void stop(List<SwiftService> services) throws IOException {
    for (SwiftService service : services) {
      if (runs(service)) {
        thaw(service);
      }
      end(List.of(service), Signal.TERMINATE);
    }
  }

  /** Kills them. */
  synchronized void kill(List<SwiftService> services) throws IOException {
    end(services, Signal.KILL);
  }

  private void end(List<SwiftService> services, Signal signal) throws IOException {
    List<SwiftService> told = new ArrayList<>();
    for (SwiftService service : services) {
      if (runs(service) && signal.send(running(service))) {
        told.add(service);
      }
    }
    Deadline deadline = Deadline.in(PATIENCE);
    for (SwiftService service : told) {
      until(deadline, service, () -> !runs(service));
      running.remove(service);
    }
  }

  /** Lets one take connections and answer nothing. */
  void freeze(SwiftService service) throws IOException {
    Signal.STOP.send(running(service));
  }

  /** Lets it go on. */
  void thaw(SwiftService service) throws IOException {
    Signal.CONTINUE.send(running(service));
  }

  private ProcessId running(SwiftService service) throws IOException {
    ProcessId process = running.get(service);
    if (process == null) {
      throw new IOException(service.word() + " of the Swift site does not run");
    }
    return process;
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  private void until(Deadline deadline, SwiftService service, Condition condition)
      throws IOException {
    while (!condition.holds()) {
      if (deadline.over()) {
        throw new IOException(
            "no sign of " + service.word() + " of a Swift site; see " + files.log(service.word()));
      }
      try {
        deadline.pause(LOOK);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while waiting for a Swift site", e);
      }
    }
  }
}
