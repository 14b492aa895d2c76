package io.cotidal.copies.storage;

import io.cotidal.remote.Deadline;
import io.cotidal.remote.Durable;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.Program;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A volume in a file, for hosts whose own file system shares nothing: what {@code cot volume init},
 * {@code attach} and {@code detach} do. The file {@code FOLDER.img} has holes: it takes room only
 * for what is written, and gives room back when copies are removed. Needs root.
 */
public final class VolumeFile {
  private static final String LONG_MAGIC = "_BHRfS_M";
  private static final String SHORT_MAGIC = "XFSB";
  private static final long LONG_MAGIC_AT = 0x10040;

  private final Path folder;
  private final LocalProcesses processes = new LocalProcesses();

  /** The file system in the file. */
  public enum Type {
    /** Copies take the same time for any size. */
    BTRFS("btrfs", "/usr/sbin/mkfs.btrfs", "-q", 128L << 20, "noatime,discard=async"),
    /** Copies take time for each file. */
    XFS("xfs", "/usr/sbin/mkfs.xfs", "-q -m reflink=1", 300L << 20, "noatime,discard");

    private final String word;
    private final String program;
    private final String options;
    private final long least;
    private final String mounting;

    Type(String word, String program, String options, long least, String mounting) {
      this.word = word;
      this.program = program;
      this.options = options;
      this.least = least;
      this.mounting = mounting;
    }

    /** As it is written in a command. */
    public String word() {
      return word;
    }
  }

  /** The volume that is to appear in {@code folder}. */
  public VolumeFile(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  /** Where it appears. */
  public Path folder() {
    return folder;
  }

  /** The file that carries it. */
  public Path image() {
    return folder.resolveSibling(folder.getFileName() + ".img");
  }

  /**
   * Makes the file and attaches it. If that very volume is there already, it is attached and
   * otherwise left as it is.
   *
   * @param bytes how large the volume is
   * @return whether it had to be made
   * @throws IOException if anything else is there already, there is no room for it, or a program
   *     failed; then nothing was made
   */
  public boolean init(long bytes, Type type, Deadline deadline)
      throws IOException, InterruptedException {
    requireRoot();
    requireProgram(type);
    if (Files.exists(image(), LinkOption.NOFOLLOW_LINKS)) {
      requireSame(bytes, type);
      attach(deadline);
      return false;
    }
    requireEmptyFolder();
    requireRoom(bytes, type);
    Path fresh = image().resolveSibling(image().getFileName() + ".cotidal-new");
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      try (RandomAccessFile file = new RandomAccessFile(fresh.toFile(), "rw")) {
        file.setLength(bytes);
      }
      List<String> format = new ArrayList<>();
      format.add(type.program);
      format.addAll(List.of(type.options.split(" ")));
      format.add(fresh.toString());
      run(format, deadline);
      Durable.sync(fresh);
      Files.move(fresh, image(), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
    attach(deadline);
    return true;
  }

  /** What was asked for before, perhaps by a script that is run again, and nothing else. */
  private void requireSame(long bytes, Type type) throws IOException {
    if (!Files.isRegularFile(image(), LinkOption.NOFOLLOW_LINKS)
        || Files.size(image()) != bytes
        || type() != type) {
      throw new IOException(
          image()
              + ": there is such a file already, of another size or type; 'cot volume attach'"
              + " mounts it");
    }
  }

  /**
   * Mounts the file, for example after the machine was started again; if it is mounted already,
   * nothing is done.
   *
   * @return whether it had to be mounted
   */
  public boolean attach(Deadline deadline) throws IOException, InterruptedException {
    requireRoot();
    if (!Files.isRegularFile(image(), LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(image() + ": no such file; 'cot volume init' makes one");
    }
    Optional<Mounts.Mount> mount = mounted();
    if (mount.isPresent()) {
      requireOurs(mount.get());
      return false;
    }
    Type type = type();
    requireEmptyFolder();
    Files.createDirectories(folder);
    run(
        List.of(
            "/usr/bin/mount",
            "-t",
            type.word,
            "-o",
            "loop,nodev,nosuid," + type.mounting,
            image().toString(),
            folder.toString()),
        deadline);
    return true;
  }

  /**
   * Unmounts it; the file stays. If it is not mounted, nothing is done.
   *
   * @throws IOException if something uses it
   */
  public void detach(Deadline deadline) throws IOException, InterruptedException {
    requireRoot();
    Optional<Mounts.Mount> mount = mounted();
    if (mount.isPresent()) {
      requireOurs(mount.get());
      run(List.of("/usr/bin/umount", folder.toString()), deadline);
    }
  }

  private Optional<Mounts.Mount> mounted() throws IOException {
    return Files.exists(folder) ? Mounts.now().at(folder.toRealPath()) : Optional.empty();
  }

  private void requireOurs(Mounts.Mount mount) throws IOException {
    Optional<Path> carrier = mount.carrier();
    if (carrier.isEmpty() || !carrier.get().equals(image().toRealPath())) {
      throw new IOException(
          folder + ": " + mount.source() + " is mounted there, not " + image() + "; unmount it");
    }
  }

  private void requireRoot() throws IOException {
    if (!processes.root()) {
      throw new IOException("volume " + folder + ": only root can mount a file system; use sudo");
    }
  }

  private static void requireProgram(Type type) throws IOException {
    if (!Files.isExecutable(Path.of(type.program))) {
      throw new IOException(
          type.program
              + ": no such program; install the package "
              + switch (type) {
                case BTRFS -> "btrfs-progs";
                case XFS -> "xfsprogs";
              });
    }
  }

  private void requireEmptyFolder() throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(folder + ": there is something that is no folder; name another place");
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      if (entries.iterator().hasNext() || Mounts.now().at(folder.toRealPath()).isPresent()) {
        throw new IOException(folder + ": there is something in it already; name another place");
      }
    }
  }

  private void requireRoom(long bytes, Type type) throws IOException {
    if (bytes < type.least) {
      throw new IOException(
          "size: " + type.word + " needs at least " + (type.least >> 20) + " MiB");
    }
    Path parent = folder.getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new IOException(parent + ": no such folder; make it");
    }
    long free = Files.getFileStore(parent).getUsableSpace();
    if (bytes > free) {
      throw new IOException(
          "size: "
              + (bytes >> 20)
              + " MiB are wanted and only "
              + (free >> 20)
              + " MiB free in "
              + parent
              + "; a volume must be able to become full");
    }
  }

  private Type type() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(image().toFile(), "r")) {
      if (read(file, LONG_MAGIC_AT, LONG_MAGIC.length()).equals(LONG_MAGIC)) {
        return Type.BTRFS;
      }
      if (read(file, 0, SHORT_MAGIC.length()).equals(SHORT_MAGIC)) {
        return Type.XFS;
      }
    }
    throw new IOException(image() + ": neither btrfs nor XFS is in it; is it another file?");
  }

  private static String read(RandomAccessFile file, long at, int length) throws IOException {
    byte[] bytes = new byte[length];
    if (file.length() < at + length) {
      return "";
    }
    file.seek(at);
    file.readFully(bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private void run(List<String> arguments, Deadline deadline)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("cotidal-volume", ".output");
    LocalProcesses.Result result =
        processes.run(Program.of("", arguments), output, started -> {}, deadline);
    if (result.exit() != 0) {
      throw new IOException(Path.of(arguments.getFirst()).getFileName() + ": " + result.lastLine());
    }
  }
}
