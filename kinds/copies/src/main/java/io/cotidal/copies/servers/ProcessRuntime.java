package io.cotidal.copies.servers;

import io.cotidal.copies.database.Place;
import io.cotidal.model.Details;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.ProcessId;
import io.cotidal.remote.ProcessTable;
import io.cotidal.remote.Program;
import io.cotidal.remote.Signal;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Servers as plain processes of this host: each as its own account, in a session of its own,
 * without a way to more rights and without anything of this process's environment.
 */
public final class ProcessRuntime implements ServerRuntime {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LOOK = Duration.ofMillis(2);

  /** PostgreSQL takes 8 ms; one that is stuck must not hold up a deletion. */
  private static final Duration DROP = Duration.ofSeconds(1);

  private final LocalProcesses processes;
  private final Path places;
  private final Signal stop;
  private final Signal drop;

  /** The processes of those that were paused, by place: a process that is stopped makes no more. */
  private final Map<String, ServerFamily> paused = new ConcurrentHashMap<>();

  /**
   * A runtime.
   *
   * @param places the folder in which the places' folders {@code TEMPLATE/NAME/run} are
   * @param stop what makes a server that it starts end in order
   * @param drop what makes it end at once
   */
  public ProcessRuntime(LocalProcesses processes, Path places, Signal stop, Signal drop) {
    this.processes = processes;
    this.places = places;
    this.stop = stop;
    this.drop = drop;
  }

  @Override
  public String name() {
    return "process";
  }

  /** A program that is missing is found missing when it is to be run. */
  @Override
  public void require(Deadline deadline) {}

  @Override
  public void start(Place place, Program program, Details labels, Deadline deadline)
      throws IOException, InterruptedException {
    Path executable = Path.of(program.arguments().getFirst());
    if (!Files.isExecutable(executable)) {
      throw new IOException(executable + ": no such program; install the server's package");
    }
    ServerRecord record = ServerRecord.before(place, executable, stop);
    ServerFamily before = family(place);
    if (!before.gone()) {
      throw new IOException(
          place.id() + " has a server already, process " + before.members().getFirst().id().pid());
    }
    if (deadline.over()) {
      throw new IOException(place.id() + " was not started in time");
    }
    new ServerLog(place.log()).prepare(place.uid());
    record.write(place.run());
    ProcessId leader = processes.launch(confined(place, program), place.log());
    if (leader.start() > 0) {
      ServerRecord.complete(place.run(), leader);
    }
  }

  /**
   * In the data folder whatever the program says, so that it is found there; the session is {@link
   * LocalProcesses}'s doing.
   */
  private static Program confined(Place place, Program program) {
    List<String> line = new ArrayList<>(List.of("/usr/bin/setpriv", "--no-new-privs", "--"));
    line.addAll(program.arguments());
    return new Program(
        line,
        program.environment(),
        program.input(),
        place.data(),
        place.uid() < 0 ? "" : Integer.toString(place.uid()));
  }

  @Override
  public Standing standing(Place place) throws IOException {
    Optional<ServerRecord> record = ServerRecord.read(place.run());
    Optional<Standing> led = record.isPresent() ? led(record.get()) : Optional.empty();
    Standing standing = led.isPresent() ? led.get() : family(place).standing();
    new ServerLog(place.log()).cut();
    return standing;
  }

  /**
   * How a server stands whose recorded first process lives. The host's whole table is read only for
   * the others: with hundreds of servers on a host that table is long.
   */
  private Optional<Standing> led(ServerRecord record) throws IOException {
    if (record.leader().isEmpty()) {
      return Optional.empty();
    }
    ProcessId leader = record.leader().get();
    return processes
        .table()
        .find(leader.pid())
        .filter(entry -> entry.id().equals(leader))
        .map(entry -> new ServerFamily(List.of(entry)).standing());
  }

  @Override
  public Map<String, Standing> standings() throws IOException {
    Map<String, Standing> standings = new TreeMap<>();
    List<ServerRecord> unled = new ArrayList<>();
    for (Path template : folders(places)) {
      for (Path place : folders(template)) {
        Path run = place.resolve("run");
        Optional<ServerRecord> record = readable(run);
        if (record.isPresent()) {
          new ServerLog(run.resolve("server.log")).cut();
          Optional<Standing> led = led(record.get());
          if (led.isPresent()) {
            standings.put(record.get().id(), led.get());
          } else {
            unled.add(record.get());
          }
        }
      }
    }
    if (!unled.isEmpty()) {
      List<ProcessTable.Entry> entries = processes.table().entries();
      for (ServerRecord record : unled) {
        standings.put(record.id(), ServerFamily.of(record, entries).standing());
      }
    }
    return standings;
  }

  /** One record that cannot be read must not hide the others; asked for alone, it says so. */
  private static Optional<ServerRecord> readable(Path run) {
    try {
      return ServerRecord.read(run);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public void pause(Place place) throws IOException, InterruptedException {
    Deadline patience = Deadline.in(PATIENCE);
    ServerFamily family = family(place);
    while (!family.stopped() || family.gone()) {
      if (family.gone()) {
        throw new IOException(place.id() + " cannot be paused: its server does not run");
      }
      // The first process first: it makes no further ones then.
      for (ProcessTable.Entry member : family.members()) {
        if (!ServerFamily.stopped(member)) {
          Signal.STOP.send(member.id());
        }
      }
      family = again(place, patience, "paused");
    }
    paused.put(place.id(), family);
  }

  @Override
  public void resume(Place place) throws IOException, InterruptedException {
    Deadline patience = Deadline.in(PATIENCE);
    ServerFamily family = asPaused(place);
    if (family.gone()) {
      throw new IOException(place.id() + " cannot go on: its server does not run");
    }
    while (family.members().stream().anyMatch(ServerFamily::stopped)) {
      // The first process last: its children are ready then for what it wants of them.
      for (ProcessTable.Entry member : family.members().reversed()) {
        Signal.CONTINUE.send(member.id());
      }
      if (goesOn(family)) {
        // The kernel wakes them at once; those that were stopped have made none meanwhile.
        return;
      }
      family = again(place, patience, "running again");
    }
  }

  /**
   * Its processes: those that were paused, if all of them are stopped still, else whichever are
   * found. A look at all processes of the host is what somebody who waits for a copy would wait for
   * longest.
   */
  private ServerFamily asPaused(Place place) throws IOException {
    ServerFamily known = paused.remove(place.id());
    if (known == null) {
      return family(place);
    }
    List<ProcessTable.Entry> now = new ArrayList<>();
    for (ProcessTable.Entry member : known.members()) {
      processes
          .table()
          .find(member.id().pid())
          .filter(entry -> entry.id().equals(member.id()) && ServerFamily.stopped(entry))
          .ifPresent(now::add);
    }
    return now.size() == known.members().size() ? new ServerFamily(now) : family(place);
  }

  /** Whether every one of them runs, or has ended. */
  private boolean goesOn(ServerFamily family) throws IOException {
    for (ProcessTable.Entry member : family.members()) {
      Optional<ProcessTable.Entry> now = processes.table().find(member.id().pid());
      if (now.filter(entry -> entry.id().equals(member.id()))
          .filter(ServerFamily::stopped)
          .isPresent()) {
        return false;
      }
    }
    return true;
  }

  private ServerFamily again(Place place, Deadline patience, String what)
      throws IOException, InterruptedException {
    ServerFamily family = family(place);
    if (patience.over()) {
      throw new IOException(
          "the processes of "
              + place.id()
              + " are not "
              + what
              + " after "
              + PATIENCE.toSeconds()
              + " s");
    }
    patience.pause(LOOK);
    return family;
  }

  @Override
  public void stop(Place place, boolean clean, Deadline deadline)
      throws IOException, InterruptedException {
    paused.remove(place.id());
    ServerFamily family = family(place);
    if (clean) {
      Signal signal = ServerRecord.read(place.run()).map(ServerRecord::stop).orElse(stop);
      family = told(place, family, signal, Deadline.in(deadline.left().dividedBy(2)));
    } else if (drop != Signal.KILL) {
      family = told(place, family, drop, deadline.atMost(DROP));
    }
    while (!family.gone()) {
      for (ProcessTable.Entry member : family.members()) {
        Signal.KILL.send(member.id());
      }
      if (deadline.over()) {
        throw new IOException(
            place.id()
                + ": "
                + family.members().size()
                + " processes did not end in time; a disk that does not answer can keep them");
      }
      deadline.pause(LOOK);
      family = family(place);
    }
    ServerRecord.delete(place.run());
  }

  /** Asks the first of them to end, and waits for all. */
  private ServerFamily told(Place place, ServerFamily asked, Signal signal, Deadline patience)
      throws IOException, InterruptedException {
    if (asked.gone()) {
      return asked;
    }
    signal.send(asked.members().getFirst().id());
    for (ProcessTable.Entry member : asked.members().reversed()) {
      Signal.CONTINUE.send(member.id());
    }
    ServerFamily family = asked;
    while (!family.gone() && !patience.over()) {
      patience.pause(LOOK);
      family = family(place);
    }
    return family;
  }

  @Override
  public String lastWords(Place place) {
    try {
      return new ServerLog(place.log()).lastWords();
    } catch (IOException e) {
      return "its log cannot be read: " + e.getMessage();
    }
  }

  private ServerFamily family(Place place) throws IOException {
    Optional<ServerRecord> record = ServerRecord.read(place.run());
    if (record.isPresent()) {
      return ServerFamily.of(record.get(), processes.table().entries());
    }
    // Nothing is started without a record. One that was lost leaves the account to go by.
    if (place.uid() < 0 || Files.notExists(place.data())) {
      return new ServerFamily(List.of());
    }
    return ServerFamily.of(
        ServerRecord.before(place, Path.of("/"), stop), processes.table().entries());
  }

  private static List<Path> folders(Path folder) throws IOException {
    List<Path> folders = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return folders;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Files::isDirectory)) {
      entries.forEach(folders::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return folders;
  }
}
