package io.cotidal.copies.database;

import static org.awaitility.Awaitility.await;

import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import io.cotidal.model.Secret;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.ProcessId;
import io.cotidal.remote.Program;
import io.cotidal.remote.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Places, clones and servers of one engine, in a lab that removes them again. */
final class Rig implements AutoCloseable {
  static final Duration LONG = Duration.ofSeconds(60);

  private static final int FIRST_UID = 210_000;

  final ServerRegistry registry;
  final LocalProcesses processes = new LocalProcesses();
  final DatabaseEngine engine;
  final Installation installation;
  final Path folder;
  private final AtomicInteger number = new AtomicInteger();

  Rig(DatabaseEngine engine, Installation installation) throws IOException {
    this.engine = engine;
    this.installation = installation;
    Path base = Path.of(System.getProperty("java.io.tmpdir"));
    registry = ServerRegistry.open(StateFolder.ofUser(), base);
    folder = registry.folder("copies");
  }

  static Deadline soon() {
    return Deadline.in(LONG);
  }

  /** A place with an empty data folder and a certificate of its own. */
  Place place(String name) throws Exception {
    return place(name, processes.root() ? FIRST_UID + number.get() + 1 : -1);
  }

  /** The same, for a server of the account {@code uid}; -1 for this process's own. */
  Place place(String name, int uid) throws Exception {
    int own = number.incrementAndGet();
    Path home = Files.createDirectory(folder.resolve(name + own));
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx--x--x"));
    Place place =
        new Place(
            name + ".c" + own,
            Files.createDirectory(home.resolve("data")),
            Files.createDirectory(home.resolve("run")),
            uid,
            "127.0.0.1",
            registry.port(),
            32);
    for (Path each : List.of(place.data(), place.run())) {
      Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwx------"));
      own(place, each);
    }
    certify(place);
    return place;
  }

  /** A place whose data are those of another, without what a clone leaves out. */
  Place clone(Place source, String name) throws Exception {
    Place place = place(name);
    run("cp", "-a", "--reflink=auto", source.data() + "/.", place.data().toString());
    try (var files = Files.walk(place.data())) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path relative = place.data().relativize(file);
        if (!file.equals(place.data()) && engine.leftOut(relative)) {
          Files.delete(file);
        } else {
          own(place, file);
        }
      }
    }
    return place;
  }

  /** Removes what a place holds: where a load broke off that may be half a gigabyte of log. */
  void drop(Place place) throws Exception {
    run("rm", "-rf", place.data().getParent().toString());
  }

  /** Runs the server of a place until the rig closes or {@link #kill}. */
  ProcessId serve(Place place) throws Exception {
    Program program = engine.server(installation, place);
    ProcessId id = processes.launch(program, place.log());
    registry.record(id.pid());
    return id;
  }

  void kill(ProcessId id) throws IOException {
    Signal.KILL.send(id);
  }

  /** Logs in as soon as the server answers. */
  Administration administer(Place place, Secret administrator) {
    List<Administration> found = new ArrayList<>();
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptionsInstanceOf(EngineException.class)
        .until(() -> {
          found.add(engine.administer(place, administrator, Duration.ofSeconds(5)));
          return true;
        });
    return found.getFirst();
  }

  /** Processes that run with a folder of the place as theirs, or as its user. */
  List<String> processesOf(Place place) throws IOException {
    List<String> found = new ArrayList<>();
    try (var all = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
      for (Path process : all) {
        try {
          String line = Files.readString(process.resolve("cmdline")).replace('\0', ' ');
          if (line.contains(place.data().getParent().toString())) {
            found.add(line);
          }
        } catch (IOException e) {
          // Gone meanwhile.
        }
      }
    }
    return found;
  }

  @Override
  public void close() throws IOException {
    registry.close();
  }

  private void certify(Place place) throws Exception {
    run(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=" + place.id(),
        "-addext",
        "subjectAltName=IP:127.0.0.1",
        "-keyout",
        place.key().toString(),
        "-out",
        place.certificate().toString());
    Files.setPosixFilePermissions(place.key(), PosixFilePermissions.fromString("rw-------"));
    own(place, place.key());
    own(place, place.certificate());
  }

  private void own(Place place, Path file) throws IOException {
    var owner = processes.user(place.uid() < 0 ? "" : Integer.toString(place.uid()));
    if (owner.isPresent()) {
      owner.get().own(file);
    }
  }

  private void run(String... command) throws Exception {
    Path output = folder.resolve("output" + number.incrementAndGet());
    var result = processes.run(Program.of("", line(command)), output, started -> {}, soon());
    if (result.exit() != 0) {
      throw new IOException(command[0] + ": " + result.output());
    }
  }

  private static List<String> line(String... command) {
    List<String> line = new ArrayList<>(List.of("/usr/bin/env"));
    line.addAll(List.of(command));
    return line;
  }
}
