package io.cotidal.lab;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * File systems mounted in a folder of a lab, and the loop devices of files in it. Both are the
 * lab's, because the folder is.
 */
record Mounted(Path folder) {

  /** Unmounts all of them, the innermost first, and lets the devices go. */
  void remove() throws IOException {
    try {
      for (Path point : points()) {
        unmount(point);
      }
      for (Path device : devices()) {
        LoopVolume.run(folder, List.of("/usr/sbin/losetup", "--detach", device.toString()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted while unmounting").initCause(e);
    }
  }

  private void unmount(Path point) throws IOException, InterruptedException {
    try {
      LoopVolume.run(folder, List.of("/usr/bin/umount", point.toString()));
    } catch (IOException e) {
      // Somebody still has a file open there, for example a shell of a person who looks: it keeps
      // the file system until it lets go, but its place is free.
      LoopVolume.run(folder, List.of("/usr/bin/umount", "--lazy", point.toString()));
    }
  }

  private List<Path> points() throws IOException {
    Path real = folder.toRealPath();
    List<Path> points = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      Path point = Path.of(line.split(" ")[4].replace("\\040", " "));
      if (point.startsWith(real)) {
        points.add(point);
      }
    }
    points.sort(Comparator.comparingInt(Path::getNameCount).reversed());
    return points;
  }

  private List<Path> devices() throws IOException {
    Path real = folder.toRealPath();
    List<Path> devices = new ArrayList<>();
    try (DirectoryStream<Path> blocks =
        Files.newDirectoryStream(Path.of("/sys/block"), "loop[0-9]*")) {
      for (Path block : blocks) {
        if (carries(block, real)) {
          devices.add(Path.of("/dev").resolve(block.getFileName()));
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return devices;
  }

  private static boolean carries(Path block, Path folder) throws IOException {
    try {
      return Path.of(Files.readString(block.resolve("loop/backing_file")).strip())
          .startsWith(folder);
    } catch (NoSuchFileException e) {
      // Attached to nothing.
      return false;
    }
  }
}
