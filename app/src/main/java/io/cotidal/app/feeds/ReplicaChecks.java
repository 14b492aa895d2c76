package io.cotidal.app.feeds;

import io.cotidal.feeds.geoserver.Site;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.Program;
import io.cotidal.server.Doctor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether the programs and files that a replica needs are on this machine. */
public final class ReplicaChecks {
  private static final Duration SHORT = Duration.ofSeconds(5);
  private static final List<Path> FOLDERS =
      Stream.of("/usr/local/bin", "/usr/bin", "/bin").map(Path::of).toList();
  private static final Path POSTGRES = Path.of("/usr/lib/postgresql");

  private final LocalProcesses processes;

  /** Checks that run programs by {@code processes}. */
  public ReplicaChecks(LocalProcesses processes) {
    this.processes = processes;
  }

  /** What is found for one replica. */
  public List<Doctor.Check> of(FeedsSpec spec) {
    String name = spec.id().toString();
    List<Doctor.Check> checks = new ArrayList<>();
    switch (spec.repository().tool()) {
      case GIT -> checks.add(program(name, "git", "--version", "git"));
      case HG -> checks.add(program(name, "hg", "--version", "mercurial"));
    }
    if (spec.repository().signers().isPresent()) {
      checks.add(readable(name + " signers", spec.repository().signers().get(), false));
      checks.add(found(name, "ssh-keygen", "openssh-client"));
    }
    checks.add(program(name, "rsync", "--version", "rsync"));
    checks.add(program(name, "ssh", "-V", "openssh-client"));
    checks.add(readable(name + " identity", spec.transfer().identity(), true));
    checks.add(readable(name + " known-hosts", spec.transfer().knownHosts(), false));
    if (spec.tables()) {
      checks.add(restore(name, spec.database().flatMap(FeedsSpec.Database::bin)));
    }
    spec.shown()
        .forEach(
            server -> server.data().ifPresent(folder -> checks.add(data(name, server, folder))));
    return checks;
  }

  /** A folder that is there must be the right one; one that is on another machine need not be. */
  private static Doctor.Check data(String name, FeedsSpec.GeoServer server, Path folder) {
    String what = name + " " + server.name() + " data";
    if (!Files.exists(folder)) {
      return Doctor.Check.well(what, folder + " is not on this machine; nothing depends on it");
    }
    return Site.dataWarning(server)
        .map(odd -> Doctor.Check.ill(what, odd, "name GeoServer's own data folder, or none"))
        .orElseGet(() -> Doctor.Check.well(what, "is " + folder));
  }

  private Doctor.Check program(String name, String program, String version, String debian) {
    return where(program)
        .map(path -> version(name, path, version))
        .orElseGet(() -> missing(name, program, debian));
  }

  private static Doctor.Check found(String name, String program, String debian) {
    return where(program)
        .map(path -> Doctor.Check.well(name + " " + program, "is " + path))
        .orElseGet(() -> missing(name, program, debian));
  }

  private static Doctor.Check missing(String name, String program, String debian) {
    return Doctor.Check.ill(
        name + " " + program, "is not on this machine", "install the package " + debian);
  }

  private static Optional<Path> where(String program) {
    return FOLDERS.stream()
        .map(folder -> folder.resolve(program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private Doctor.Check version(String name, Path path, String option) {
    String what = name + " " + path.getFileName();
    Path output = null;
    try {
      output = Files.createTempFile("cotidal-doctor", ".txt");
      LocalProcesses.Result result =
          processes.run(
              Program.of("", List.of(path.toString(), option)),
              output,
              started -> {},
              Deadline.in(SHORT));
      String said = result.output().lines().findFirst().orElse("").strip();
      return result.exit() == 0
          ? Doctor.Check.well(what, said)
          : Doctor.Check.ill(what, path + " " + option + " ends with " + result.exit(), "mend it");
    } catch (IOException e) {
      return Doctor.Check.ill(what, path + ": " + e.getMessage(), "mend it");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Doctor.Check.ill(what, "nobody waited for its answer", "ask again");
    } finally {
      remove(output);
    }
  }

  private static void remove(@Nullable Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      file.toFile().deleteOnExit();
    }
  }

  private Doctor.Check restore(String name, Optional<Path> bin) {
    Optional<Path> path = bin.map(folder -> folder.resolve("pg_restore"));
    if (path.isEmpty()) {
      path = newest().or(() -> where("pg_restore"));
    }
    return path.filter(Files::isExecutable)
        .map(each -> version(name, each, "--version"))
        .orElseGet(() ->
            Doctor.Check.ill(
                name + " pg_restore",
                "is not on this machine",
                "install the package postgresql-client, or write database.bin"));
  }

  private static Optional<Path> newest() {
    try (Stream<Path> versions = Files.list(POSTGRES)) {
      return versions
          .map(each -> each.resolve("bin/pg_restore"))
          .filter(Files::isExecutable)
          .max(Comparator.comparing(Path::toString));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Doctor.Check readable(String what, Path file, boolean secret) {
    if (!Files.isReadable(file)) {
      return Doctor.Check.ill(
          what, file + " is not there, or not to be read", "make it, and give it to this user");
    }
    try {
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
      boolean open =
          mode.contains(PosixFilePermission.OTHERS_READ)
              || mode.contains(PosixFilePermission.GROUP_READ);
      return secret && open
          ? Doctor.Check.ill(what, file + " can be read by others", "run chmod 600 " + file)
          : Doctor.Check.well(what, "is " + file);
    } catch (IOException e) {
      return Doctor.Check.ill(what, file + ": " + e.getMessage(), "mend it");
    }
  }
}
