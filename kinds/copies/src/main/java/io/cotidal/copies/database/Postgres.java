package io.cotidal.copies.database;

import io.cotidal.model.Secret;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.OsUser;
import io.cotidal.remote.Program;
import io.cotidal.remote.Signal;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** PostgreSQL 13 to 18, from Debian's packages or from any folder with its programs. */
public final class Postgres implements DatabaseEngine {
  private static final int OLDEST = 13;
  private static final int NEWEST = 18;
  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
  private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+(?:\\.\\d+)*)");
  private static final Set<String> LEFT_OUT =
      Set.of(
          "postmaster.pid",
          "postmaster.opts",
          "standby.signal",
          "recovery.signal",
          "recovery.conf",
          "backup_label",
          "pg_replslot",
          "pg_stat_tmp");

  private final LocalProcesses processes = new LocalProcesses();

  /** For {@link java.util.ServiceLoader}. */
  public Postgres() {}

  @Override
  public String name() {
    return "postgres";
  }

  @Override
  public Installation locate(Choice choice) throws EngineException {
    List<Path> folders = choice.server().map(List::of).orElseGet(Postgres::installed);
    for (Path folder : folders) {
      Optional<Path> server = Located.program(List.of(folder), "postgres");
      if (server.isPresent() && Located.program(List.of(folder), "initdb").isPresent()) {
        String version =
            Located.version(processes, List.of(server.get().toString(), "--version"), VERSION)
                .group(1);
        if (choice.version().isEmpty() || (version + ".").startsWith(choice.version() + ".")) {
          return new Installation(name(), supported(version), folder, client(folder));
        }
      }
    }
    throw new EngineException(
        "no PostgreSQL "
            + choice.version()
            + " in "
            + (folders.isEmpty() ? DEBIAN : folders)
            + ": install postgresql, or name the folder of its programs");
  }

  @Override
  public void initialise(Installation installation, Place place, Deadline deadline)
      throws EngineException, InterruptedException {
    try {
      Leftovers leftovers = new Leftovers(processes, place);
      leftovers.prepare(deadline);
      Files.setPosixFilePermissions(place.data(), PosixFilePermissions.fromString("rwx------"));
      String maker = maker(processes, place);
      Optional<OsUser> known = processes.user(maker);
      if (known.isPresent()) {
        known.get().own(place.data());
      }
      LocalProcesses.Result result =
          processes.run(
              Program.of(
                  maker,
                  List.of(
                      installation.server().resolve("initdb").toString(),
                      "--pgdata=" + place.data(),
                      "--username=" + PostgresPrograms.ADMINISTRATOR,
                      // Nobody logs in by these rules: each server is given others.
                      "--auth=reject",
                      "--encoding=UTF8",
                      "--locale=C.UTF-8",
                      "--no-sync")),
              place.run().resolve("initialise.log"),
              started -> leftovers.note(started.pid()),
              deadline);
      leftovers.forget();
      if (result.exit() != 0) {
        throw new EngineException("initdb failed: " + Complaints.bounded(result.lastLine()));
      }
      PostgresWorkshop.writeRules(processes, place);
      Optional<OsUser> owner = processes.user(Leftovers.user(place));
      if (owner.isPresent()) {
        ownAll(owner.get(), place.data());
      }
    } catch (IOException e) {
      throw new EngineException("cannot initialise " + place.data() + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Program server(Installation installation, Place place) {
    return Program.of(Leftovers.user(place), PostgresPrograms.serving(installation, place));
  }

  /** Asked in the usual way, by SIGTERM, it would wait for its clients. */
  @Override
  public Signal stopSignal() {
    return Signal.INTERRUPT;
  }

  /** A postmaster that is killed leaves its shared memory, of which a host has 4096 pieces. */
  @Override
  public Signal dropSignal() {
    return Signal.QUIT;
  }

  @Override
  public void load(Installation installation, Place place, Load load, Deadline deadline)
      throws EngineException, InterruptedException {
    new PostgresWorkshop(processes, installation, place).load(load, deadline);
  }

  @Override
  public void adopt(Installation installation, Place place, Adoption adoption, Deadline deadline)
      throws EngineException, InterruptedException {
    adoptable(installation, adoption.version());
    new PostgresAdoption(processes, installation, place).adopt(adoption, deadline);
  }

  @Override
  public Recovered restore(
      Installation installation, Place place, Restoration restoration, Deadline deadline)
      throws EngineException, InterruptedException {
    adoptable(installation, restoration.version());
    return new PostgresRestoration(processes, installation, place).restore(restoration, deadline);
  }

  @Override
  public String answer(Installation installation, Place place, Question question, Deadline deadline)
      throws EngineException, InterruptedException {
    return new PostgresWorkshop(processes, installation, place).answer(question, deadline);
  }

  @Override
  public void adoptable(Installation installation, String version) throws EngineException {
    if (major(version) != major(installation.version())) {
      throw new EngineException(
          "the cluster runs PostgreSQL "
              + version
              + " and the template's programs are "
              + installation.version()
              + ": install postgresql-"
              + major(version)
              + " and set version: "
              + major(version));
    }
    if (Located.program(List.of(installation.server()), "pg_resetwal").isEmpty()) {
      throw new EngineException(
          "no pg_resetwal in " + installation.server() + ": name a folder with all programs");
    }
  }

  @Override
  public void hook(Installation installation, Place place, Hook hook, Deadline deadline)
      throws EngineException, InterruptedException {
    new PostgresWorkshop(processes, installation, place).hook(hook, deadline);
  }

  @Override
  public SortedMap<String, Long> freeze(
      Installation installation, Place place, Freeze freeze, Deadline deadline)
      throws EngineException, InterruptedException {
    return new PostgresWorkshop(processes, installation, place).freeze(freeze, deadline);
  }

  @Override
  public Administration administer(Place place, Secret administrator, Duration deadline)
      throws EngineException {
    return PostgresAdministration.open(place, administrator, deadline);
  }

  @Override
  public UserSession login(Place place, User user, Duration deadline) throws EngineException {
    return PostgresUserSession.open(place, user, deadline);
  }

  @Override
  public Optional<DatabaseClones> clones() {
    return Optional.of(new PostgresClones(processes));
  }

  @Override
  public boolean leftOut(Path relative) {
    if (relative.getNameCount() == 2 && relative.startsWith("pg_replslot")) {
      return true;
    }
    String name = String.valueOf(relative.getFileName());
    return relative.getNameCount() == 1
        && LEFT_OUT.contains(name)
        // The folder itself must be there: only its content is left out.
        && !name.equals("pg_replslot")
        && !name.equals("pg_stat_tmp");
  }

  @Override
  public SortedMap<String, String> connectionStrings(
      String host, int port, User user, Path certificate) {
    return new TreeMap<>(new PostgresStrings(host, port, user, certificate).all());
  }

  /** The number before the first dot. */
  static int major(String version) {
    int dot = version.indexOf('.');
    return Integer.parseInt(dot < 0 ? version : version.substring(0, dot));
  }

  /**
   * As whom initdb and a single-user server run: they want a user with an entry in the list of
   * users, which the number of a place has not.
   */
  static String maker(LocalProcesses processes, Place place) throws IOException, EngineException {
    if (place.uid() < 0 || !processes.root()) {
      return Leftovers.user(place);
    }
    for (String name : List.of("postgres", "nobody")) {
      try {
        processes.user(name);
        return name;
      } catch (IOException e) {
        // The next one may be there.
      }
    }
    throw new EngineException(
        "initdb needs a user with a name: this machine has neither postgres nor nobody");
  }

  static void ownAll(OsUser owner, Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        owner.own(file);
      }
    }
  }

  private static String supported(String version) throws EngineException {
    int major = major(version);
    if (major < OLDEST || major > NEWEST) {
      throw new EngineException(
          "PostgreSQL " + version + ": versions " + OLDEST + " to " + NEWEST + " are supported");
    }
    return version;
  }

  private static Optional<Path> client(Path server) {
    List<Path> folders = new ArrayList<>(List.of(server));
    folders.addAll(installed());
    return folders.stream()
        .filter(folder ->
            Located.program(List.of(folder), "psql").isPresent()
                && Located.program(List.of(folder), "pg_restore").isPresent())
        .findFirst();
  }

  /** Debian's folders, the newest version first. */
  private static List<Path> installed() {
    List<Path> folders = new ArrayList<>();
    if (Files.isDirectory(DEBIAN)) {
      try (DirectoryStream<Path> versions = Files.newDirectoryStream(DEBIAN, "[1-9][0-9]")) {
        versions.forEach(folders::add);
      } catch (IOException | DirectoryIteratorException e) {
        // A folder that cannot be read has no programs for us; the caller says what is missing.
        return List.of();
      }
    }
    folders.sort(Comparator.comparing((Path folder) -> folder.getFileName().toString()).reversed());
    return folders.stream().map(folder -> folder.resolve("bin")).toList();
  }
}
