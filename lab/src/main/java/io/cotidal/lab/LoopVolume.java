package io.cotidal.lab;

import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.Program;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A file system of a test's own, in a file of a folder of the lab's: what the machine's own disk
 * cannot do, be full, or be read-only, it can. It goes with its folder, also when the lab was
 * killed; only root can make one.
 *
 * @param folder where it is mounted
 * @param image the file that carries it
 */
public record LoopVolume(Path folder, Path image) {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What can be made. */
  public enum Type {
    /** Subvolumes and snapshots; at least 110 MiB. */
    BTRFS("/usr/sbin/mkfs.btrfs", "-q"),
    /** Shares extents; at least 300 MiB. */
    XFS("/usr/sbin/mkfs.xfs", "-q -m reflink=1"),
    /** Shares nothing. */
    EXT4("/usr/sbin/mkfs.ext4", "-q -F");

    private final String program;
    private final String options;

    Type(String program, String options) {
      this.program = program;
      this.options = options;
    }
  }

  /** Why none can be made here; empty if one can. For a test that is skipped and says so. */
  public static String impossible() throws IOException {
    return ServerUser.root() ? "" : "only root can mount a file system";
  }

  /**
   * Makes one of that many bytes; its file takes room only for what is written.
   *
   * @throws IOException naming the program that failed
   */
  public static LoopVolume make(ServerRegistry lab, Type type, long bytes)
      throws IOException, InterruptedException {
    Path home = lab.folder("volume");
    Path image = home.resolve("image");
    Path folder = Files.createDirectory(home.resolve("mounted"));
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(bytes);
    }
    List<String> format = new ArrayList<>(List.of(type.program));
    format.addAll(List.of(type.options.split(" ")));
    format.add(image.toString());
    run(home, format);
    run(home, List.of("/usr/bin/mount", "-o", "loop", image.toString(), folder.toString()));
    return new LoopVolume(folder, image);
  }

  /** Mounts it anew so that it can be read only, or be written to again. */
  public void readOnly(boolean only) throws IOException, InterruptedException {
    run(
        image.resolveSibling("."),
        List.of("/usr/bin/mount", "-o", only ? "remount,ro" : "remount,rw", folder.toString()));
  }

  static void run(Path home, List<String> arguments) throws IOException, InterruptedException {
    LocalProcesses.Result result =
        new LocalProcesses()
            .run(
                Program.of("", arguments),
                Files.createTempFile(home, "output", ""),
                started -> {},
                Deadline.in(PATIENCE));
    if (result.exit() != 0) {
      throw new IOException(String.join(" ", arguments) + ": " + result.lastLine());
    }
  }
}
