package io.cotidal.copies.database;

import io.cotidal.copies.database.DatabaseEngine.Adoption;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Durable;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.OsUser;
import io.cotidal.remote.Program;
import io.cotidal.remote.Signal;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the data of another cluster's standby a cluster of its own. Only what a data directory is
 * made of stays; configuration, keys, signals and slots do not. Replay goes to the position that
 * the control file names, by a server that lets nobody in; then {@link PostgresStripping} works on
 * it, and last it gets its {@link PostgresIdentity}.
 */
final class PostgresAdoption {
  private static final Set<String> KEPT =
      Set.of(
          "PG_VERSION",
          "base",
          "global",
          "pg_commit_ts",
          "pg_dynshmem",
          "pg_logical",
          "pg_multixact",
          "pg_notify",
          "pg_replslot",
          "pg_serial",
          "pg_snapshots",
          "pg_stat",
          "pg_stat_tmp",
          "pg_subtrans",
          "pg_tblspc",
          "pg_twophase",
          "pg_wal",
          "pg_xact");

  /** Slots, whoever made them, and where logical replication of another server had got to. */
  private static final List<String> EMPTIED =
      List.of("pg_replslot", "pg_logical", "pg_dynshmem", "pg_notify", "pg_stat_tmp");

  private static final List<String> INSIDE_LOGICAL = List.of("snapshots", "mappings");

  private static final String CONFIGURATION =
      """
      # Made by Cotidal; what the source was configured with stayed there.
      datestyle = 'iso, mdy'
      default_text_search_config = 'pg_catalog.english'
      """;

  private static final String NOBODY = "local all all reject\n";

  private final LocalProcesses processes;
  private final Installation installation;
  private final Place place;

  PostgresAdoption(LocalProcesses processes, Installation installation, Place place) {
    this.processes = processes;
    this.installation = installation;
    this.place = place;
  }

  void adopt(Adoption adoption, Deadline deadline) throws EngineException, InterruptedException {
    try {
      begin(Set.of(), deadline);
      recover(adoption.timeline(), List.of(), deadline);
      end(adoption.user(), deadline);
    } catch (IOException e) {
      throw new EngineException(
          "cannot make a cluster of its own of " + place.data() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Takes everything away that is the source's own.
   *
   * @param label what recovery needs besides of the files of the folder itself
   */
  void begin(Set<String> label, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    new Leftovers(processes, place).prepare(deadline);
    bare(label);
  }

  /** Makes what was recovered a cluster that nobody of the source knows or gets in to. */
  void end(User user, Deadline deadline) throws EngineException, IOException, InterruptedException {
    bare(Set.of());
    strip(user, deadline);
    new PostgresIdentity(processes, installation, place).renew(deadline);
  }

  /** Takes away whatever no data directory needs. */
  private void bare(Set<String> more) throws IOException, EngineException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(place.data())) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (!KEPT.contains(name) && !more.contains(name)) {
          if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
            Durable.empty(entry);
          }
          Files.delete(entry);
        }
      }
    }
    for (String name : EMPTIED) {
      Durable.empty(place.data().resolve(name));
    }
    for (String name : INSIDE_LOGICAL) {
      Path made = Files.createDirectory(place.data().resolve("pg_logical").resolve(name));
      Files.setPosixFilePermissions(
          made, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
      new Leftovers(processes, place).own(made);
    }
    try (DirectoryStream<Path> spaces =
        Files.newDirectoryStream(place.data().resolve("pg_tblspc"))) {
      if (spaces.iterator().hasNext()) {
        throw new EngineException("the source has tablespaces, which a copy cannot place");
      }
    }
    write("postgresql.conf", CONFIGURATION);
    write("postgresql.auto.conf", "");
    write("pg_ident.conf", "");
    PostgresWorkshop.writeRules(processes, place);
  }

  /**
   * Replays the log, on a timeline of its own from its end on. Nobody can log in.
   *
   * @param settings by which it ends before the log does; none for all of it
   */
  void recover(long timeline, List<String> settings, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    write("recovery.signal", "");
    Path rules = PostgresPrograms.isolatedRules(place);
    own(rules, NOBODY);
    List<String> line = new ArrayList<>(PostgresPrograms.isolated(installation, place));
    PostgresPrograms.set(
        line,
        // There is no archive: the log that was copied is all there is.
        "restore_command=false",
        "recovery_target_timeline=" + timeline,
        "hot_standby=off",
        "autovacuum=off",
        PostgresStripping.PREPARED);
    PostgresPrograms.set(line, settings.toArray(String[]::new));
    try (IsolatedServer server =
        IsolatedServer.start(
            processes,
            place,
            Program.of(Leftovers.user(place), line),
            () -> PostgresWorkshop.ready(place),
            deadline)) {
      server.stop(Signal.INTERRUPT, deadline);
    } finally {
      Files.deleteIfExists(rules);
    }
  }

  /** Single-user servers want an account with a name, which the number of a place has not. */
  private void strip(User user, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    String maker = Postgres.maker(processes, place);
    Optional<OsUser> known = processes.user(maker);
    if (known.isPresent()) {
      Postgres.ownAll(known.get(), place.data());
    }
    try {
      new PostgresStripping(processes, installation, place, maker).strip(user, deadline);
    } finally {
      Optional<OsUser> owner = processes.user(Leftovers.user(place));
      if (owner.isPresent()) {
        Postgres.ownAll(owner.get(), place.data());
      }
    }
  }

  private void write(String name, String text) throws IOException {
    own(place.data().resolve(name), text);
  }

  private void own(Path file, String text) throws IOException {
    Durable.write(file, text, processes.user(Leftovers.user(place)).orElse(null), "rw-------");
  }
}
