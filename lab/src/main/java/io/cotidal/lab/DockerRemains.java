package io.cotidal.lab;

import io.cotidal.remote.ProcessId;
import io.cotidal.remote.ProcessTable;
import io.cotidal.remote.Signal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * What a Docker daemon of a lab leaves on a machine when it is killed: programs, containers,
 * mounts, control groups, sockets of the shims. Only what is tied to its folder is found: programs
 * of Docker's that name the folder on their command line, processes in the control group that bears
 * the folder's random name, mounts below the folder.
 *
 * @param folder the daemon's
 */
record DockerRemains(Path folder) {
  /** The file that says a Docker daemon was about to be started in the folder. */
  private static final String MARK = ".docker";

  private static final Path GROUPS = Path.of("/sys/fs/cgroup");
  private static final Set<String> PROGRAMS =
      Set.of("dockerd", "containerd", "containerd-shim", "containerd-shim-runc-v2", "runc");
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** Of the daemon in {@code folder}, if there ever was one. */
  static Optional<DockerRemains> in(Path folder) {
    return Files.exists(folder.resolve(MARK))
        ? Optional.of(new DockerRemains(folder))
        : Optional.empty();
  }

  /** Says that a daemon is about to be started in the folder. */
  void announce() throws IOException {
    Files.createFile(folder.resolve(MARK));
  }

  /** Name of the control group under which all containers of the daemon are. */
  String group() {
    return "cotidal-lab-" + folder.getFileName();
  }

  /**
   * Kills and removes all of it.
   *
   * @return how many processes were killed
   */
  int remove() throws IOException {
    List<Path> sockets = shimSockets();
    int killed = kill();
    unmount();
    for (Path hierarchy : hierarchies()) {
      removeGroups(hierarchy);
    }
    for (Path socket : sockets) {
      Files.deleteIfExists(socket);
    }
    return killed;
  }

  /** The daemon's programs and all that runs in its containers. */
  List<ProcessId> processes() throws IOException {
    List<ProcessId> found = new ArrayList<>();
    ProcessTable table = new ProcessTable();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
      for (Path process : all) {
        if (mine(process)) {
          table
              .find(Long.parseLong(process.getFileName().toString()))
              .ifPresent(entry -> found.add(entry.id()));
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return found;
  }

  private boolean mine(Path process) throws IOException {
    String arguments = text(process.resolve("cmdline"));
    String program = arguments.substring(0, Math.max(0, arguments.indexOf('\0')));
    Path name = Path.of(program).getFileName();
    return (name != null && PROGRAMS.contains(name.toString()) && arguments.contains(folder + "/"))
        || text(process.resolve("cgroup")).contains("/" + group() + "/");
  }

  private int kill() throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    int killed = 0;
    for (List<ProcessId> left = processes(); !left.isEmpty(); left = processes()) {
      // What is frozen does not take a signal, not even this one.
      thaw();
      for (ProcessId process : left) {
        killed += Signal.KILL.send(process) ? 1 : 0;
      }
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "processes of the Docker daemon in " + folder + " do not end: " + left);
      }
      LockSupport.parkNanos(5_000_000);
    }
    return killed;
  }

  private void thaw() throws IOException {
    for (Path hierarchy : hierarchies()) {
      for (Path group : groups(hierarchy)) {
        write(group.resolve("freezer.state"), "THAWED");
        write(group.resolve("cgroup.freeze"), "0");
      }
    }
  }

  private static void write(Path file, String value) throws IOException {
    if (Files.exists(file)) {
      try {
        Files.writeString(file, value);
      } catch (NoSuchFileException e) {
        // The group went away meanwhile.
      }
    }
  }

  private void unmount() throws IOException {
    List<Path> mounts = mounts();
    for (Path mount : mounts.reversed()) {
      Commands.run(List.of("umount", "--lazy", "--", mount.toString()));
    }
    if (!mounts().isEmpty()) {
      throw new IOException("still mounted below " + folder + ": " + mounts());
    }
  }

  /** What is mounted below the folder, in the order in which it was. */
  List<Path> mounts() throws IOException {
    List<Path> found = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      Path point = Path.of(line.split(" ")[4].replace("\\040", " "));
      if (point.startsWith(folder)) {
        found.add(point);
      }
    }
    return found;
  }

  /** The daemon's control groups in all hierarchies. */
  List<Path> groups() throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path hierarchy : hierarchies()) {
      found.addAll(groups(hierarchy));
    }
    return found;
  }

  private List<Path> hierarchies() throws IOException {
    List<Path> found = new ArrayList<>(List.of(GROUPS.resolve(group())));
    try (DirectoryStream<Path> all = Files.newDirectoryStream(GROUPS, Files::isDirectory)) {
      all.forEach(hierarchy -> found.add(hierarchy.resolve(group())));
    }
    return found.stream().filter(Files::isDirectory).toList();
  }

  private static List<Path> groups(Path top) throws IOException {
    if (!Files.isDirectory(top)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(top)) {
      return all.filter(Files::isDirectory).toList();
    }
  }

  private static void removeGroups(Path top) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (Path group : groups(top).reversed()) {
      while (Files.exists(group)) {
        try {
          Files.deleteIfExists(group);
        } catch (IOException e) {
          // The kernel needs a moment to let go of processes that were killed.
          if (System.nanoTime() > deadline) {
            throw e;
          }
          LockSupport.parkNanos(5_000_000);
        }
      }
    }
  }

  /** Shims keep their sockets outside the folder, and write down where. */
  private List<Path> shimSockets() throws IOException {
    Path tasks = folder.resolve("exec/containerd/daemon/io.containerd.runtime.v2.task/moby");
    List<Path> found = new ArrayList<>();
    if (!Files.isDirectory(tasks)) {
      return found;
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(tasks)) {
      for (Path task : all) {
        String address = text(task.resolve("address")).replaceFirst("^unix://", "").strip();
        if (address.startsWith("/run/containerd/s/")) {
          found.add(Path.of(address));
        }
      }
    }
    return found;
  }

  /** Empty if there is no such file, or the process is gone. */
  private static String text(Path file) throws IOException {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      if (e.getMessage() != null && e.getMessage().contains("No such process")) {
        return "";
      }
      throw e;
    }
  }
}
