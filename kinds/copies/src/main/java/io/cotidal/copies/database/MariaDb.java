package io.cotidal.copies.database;

import io.cotidal.model.Secret;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.Program;
import io.cotidal.remote.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** MariaDB, from Debian's packages or from any folder with a {@code mariadbd} in it. */
public final class MariaDb implements DatabaseEngine {
  private static final Pattern VERSION =
      Pattern.compile("Ver (\\d+\\.\\d+\\.\\d+)-MariaDB", Pattern.CASE_INSENSITIVE);
  private static final List<Path> SERVERS =
      List.of(
          Path.of("/usr/sbin"),
          Path.of("/usr/bin"),
          Path.of("/usr/local/mariadb/bin"),
          Path.of("/usr/local/mysql/bin"));
  private static final Set<String> LEFT_OUT =
      Set.of("ib_buffer_pool", "auto.cnf", "ddl_recovery.log", "multi-master.info");

  private final LocalProcesses processes = new LocalProcesses();

  /** For {@link java.util.ServiceLoader}. */
  public MariaDb() {}

  @Override
  public String name() {
    return "mariadb";
  }

  @Override
  public Installation locate(Choice choice) throws EngineException {
    List<Path> folders = choice.server().map(List::of).orElse(SERVERS);
    Path daemon =
        Located.program(folders, "mariadbd", "mysqld")
            .orElseThrow(() ->
                new EngineException(
                    "no mariadbd in " + folders + ": install mariadb-server, or name its folder"));
    Matcher said =
        Located.version(
            processes, List.of(daemon.toString(), "--no-defaults", "--version"), VERSION);
    String version = said.group(1);
    if (!(version + ".").startsWith(choice.version().isEmpty() ? "" : choice.version() + ".")) {
      throw new EngineException(
          daemon + " is MariaDB " + version + ", not " + choice.version() + ": name its folder");
    }
    Path server = folder(daemon);
    List<Path> clients = List.of(server, server.resolveSibling("bin"), Path.of("/usr/bin"));
    return new Installation(
        name(), version, server, Located.program(clients, "mariadb", "mysql").map(MariaDb::folder));
  }

  @Override
  public void initialise(Installation installation, Place place, Deadline deadline)
      throws EngineException, InterruptedException {
    try {
      Leftovers leftovers = new Leftovers(processes, place);
      leftovers.prepare(deadline);
      Files.setPosixFilePermissions(place.data(), PosixFilePermissions.fromString("rwx------"));
      leftovers.own(place.data());
      Path prefix = MariaDbPrograms.prefix(MariaDbPrograms.daemon(installation));
      Path script =
          Located.program(
                  List.of(installation.server(), prefix.resolve("bin"), prefix.resolve("scripts")),
                  "mariadb-install-db",
                  "mysql_install_db")
              .orElseThrow(() ->
                  new EngineException(
                      "no mariadb-install-db beside "
                          + installation.server()
                          + ": install mariadb-server"));
      Program program =
          Program.of(
              Leftovers.user(place),
              List.of(
                  script.toString(),
                  "--no-defaults",
                  "--basedir=" + prefix,
                  "--datadir=" + place.data(),
                  MariaDbPrograms.temporary(place),
                  "--auth-root-authentication-method=normal",
                  "--skip-test-db",
                  "--skip-name-resolve",
                  "--innodb-log-file-size=16M"));
      LocalProcesses.Result result =
          processes.run(
              program,
              place.run().resolve("initialise.log"),
              started -> leftovers.note(started.pid()),
              deadline);
      leftovers.forget();
      if (result.exit() != 0) {
        throw new EngineException(
            "mariadb-install-db failed: " + Complaints.installing(result.output()));
      }
      Path files = Files.createDirectory(place.data().resolve(MariaDbPrograms.FILES));
      Files.setPosixFilePermissions(files, PosixFilePermissions.fromString("rwx------"));
      leftovers.own(files);
    } catch (IOException e) {
      throw new EngineException("cannot initialise " + place.data() + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Program server(Installation installation, Place place) {
    Path daemon =
        Located.program(List.of(installation.server()), "mariadbd", "mysqld")
            .orElse(installation.server().resolve("mariadbd"));
    return Program.of(Leftovers.user(place), MariaDbPrograms.serving(daemon, place));
  }

  @Override
  public Signal stopSignal() {
    return Signal.TERMINATE;
  }

  @Override
  public void load(Installation installation, Place place, Load load, Deadline deadline)
      throws EngineException, InterruptedException {
    new MariaDbWorkshop(processes, installation, place).load(load, deadline);
  }

  @Override
  public void hook(Installation installation, Place place, Hook hook, Deadline deadline)
      throws EngineException, InterruptedException {
    new MariaDbWorkshop(processes, installation, place).hook(hook, deadline);
  }

  @Override
  public SortedMap<String, Long> freeze(
      Installation installation, Place place, Freeze freeze, Deadline deadline)
      throws EngineException, InterruptedException {
    return new MariaDbWorkshop(processes, installation, place).freeze(freeze, deadline);
  }

  @Override
  public Administration administer(Place place, Secret administrator, Duration deadline)
      throws EngineException {
    return MariaDbAdministration.open(place, administrator, deadline);
  }

  @Override
  public UserSession login(Place place, User user, Duration deadline) throws EngineException {
    return MariaDbUserSession.open(place, user, deadline);
  }

  @Override
  public boolean leftOut(Path relative) {
    String name = String.valueOf(relative.getFileName());
    return relative.getNameCount() == 1
        && (LEFT_OUT.contains(name)
            || name.endsWith(".pid")
            || name.endsWith(".sock")
            || name.startsWith("ibtmp"));
  }

  @Override
  public SortedMap<String, String> connectionStrings(
      String host, int port, User user, Path certificate) {
    return new TreeMap<>(new MariaDbStrings(host, port, user, certificate).all());
  }

  private static Path folder(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return folder == null ? Path.of("/") : folder;
  }
}
