package io.cotidal.lab;

import io.cotidal.remote.ProcessId;
import io.cotidal.remote.ProcessTable;
import io.cotidal.remote.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * What is left of a lab.
 *
 * @param folders that it recorded
 * @param processes that it recorded
 * @param sameBoot whether its processes can still exist
 */
record Remains(List<Path> folders, List<ProcessId> processes, boolean sameBoot) {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** How much was removed. */
  record Removed(int processes, int folders) {}

  /** Of the lab that wrote {@code file}. */
  static Remains of(OwnerFile file) throws IOException {
    return new Remains(file.folders(), file.processes(), file.boot().equals(OwnerFile.thisBoot()));
  }

  /** Ends the processes, then unmounts and removes the folders. */
  Removed remove() throws IOException {
    int killed = 0;
    List<Path> marked = new ArrayList<>();
    for (Path folder : folders) {
      if (marked(folder)) {
        marked.add(folder);
        ServerProcesses servers = new ServerProcesses(folder);
        killed += servers.list().size();
        servers.end();
      }
    }
    for (ProcessId process : sameBoot ? processes : List.<ProcessId>of()) {
      killed += killed(process) ? 1 : 0;
    }
    for (Path folder : marked) {
      var docker = DockerRemains.in(folder);
      if (docker.isPresent()) {
        killed += docker.get().remove();
      }
      new Mounted(folder).remove();
      Folders.delete(folder);
    }
    return new Removed(killed, marked.size());
  }

  /**
   * Kills it and waits until it is gone: until then it may still write where it is removed from.
   */
  private static boolean killed(ProcessId process) throws IOException {
    if (!Signal.KILL.send(process)) {
      return false;
    }
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (new ProcessTable().alive(process)) {
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "process " + process + " is not gone " + PATIENCE.toSeconds() + " s after its kill");
      }
      LockSupport.parkNanos(1_000_000);
    }
    return true;
  }

  /** A kill may have come between the folder and its marker: then it is empty, and goes too. */
  private static boolean marked(Path folder) throws IOException {
    return Files.isDirectory(folder)
        && (Files.exists(folder.resolve(OwnerFile.MARKER)) || Folders.empty(folder));
  }
}
