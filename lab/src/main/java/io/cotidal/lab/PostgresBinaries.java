package io.cotidal.lab;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/**
 * Programs of PostgreSQL to run servers from: those that Maven Central brings ({@code initdb},
 * {@code pg_ctl} and {@code postgres} only), or those that this machine has installed.
 */
public final class PostgresBinaries {
  private static final String ARCHIVE = "/postgres-linux-x86_64.txz";

  private PostgresBinaries() {}

  /**
   * The directory with the programs from Maven Central, unpacked under {@code cache} unless it is
   * there already. Safe between processes. Every user can run them if every user can reach {@code
   * cache}.
   *
   * @throws IOException if they are not on the class path, are not for this machine, or do not fit
   *     on the disk
   */
  public static Path bundled(Path cache) throws IOException {
    try (InputStream archive = PostgresBinaries.class.getResourceAsStream(ARCHIVE)) {
      return unpacked(archive, cache);
    }
  }

  /**
   * The same of a jar of that artefact that is on no class path: of another version.
   *
   * @throws IOException also if the jar cannot be read
   */
  public static Path of(Path jar, Path cache) throws IOException {
    try (ZipFile file = new ZipFile(jar.toFile())) {
      ZipEntry entry = file.getEntry(ARCHIVE.substring(1));
      try (InputStream archive = entry == null ? null : file.getInputStream(entry)) {
        return unpacked(archive, cache);
      }
    }
  }

  private static Path unpacked(@Nullable InputStream archive, Path cache) throws IOException {
    if (archive == null || !System.getProperty("os.arch").equals("amd64")) {
      throw new IOException(
          "PostgreSQL from Maven Central runs on 64-bit x86 Linux only; install PostgreSQL and name its bin directory");
    }
    byte[] packed = archive.readAllBytes();
    CRC32 sum = new CRC32();
    sum.update(packed);
    Path home = cache.resolve("postgres-" + HexFormat.of().toHexDigits((int) sum.getValue()));
    if (!Files.isDirectory(home)) {
      Files.createDirectories(cache);
      try (FileChannel lock =
              FileChannel.open(
                  cache.resolve(home.getFileName() + ".lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock held = lock.lock()) {
        if (held.isValid() && !Files.isDirectory(home)) {
          unpack(packed, home);
        }
      }
    }
    return home.resolve("bin");
  }

  /**
   * The directory with the programs of that major version, if this machine has them from Debian's
   * packages.
   */
  public static Optional<Path> installed(int major) {
    Path bin = Path.of("/usr/lib/postgresql/" + major + "/bin");
    return Files.isExecutable(bin.resolve("postgres")) ? Optional.of(bin) : Optional.empty();
  }

  private static void unpack(byte[] packed, Path home) throws IOException {
    Path fresh = Files.createTempDirectory(home.toAbsolutePath().getParent(), "unpacking");
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (InputStream tar = new XZInputStream(new ByteArrayInputStream(packed))) {
      Tar.unpack(tar, fresh);
    }
    Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
  }

  /** As much of the tar format as that archive uses: files, directories, links, long names. */
  private static final class Tar {
    private static final int BLOCK = 512;

    static void unpack(InputStream tar, Path target) throws IOException {
      String longName = "";
      byte[] header = tar.readNBytes(BLOCK);
      while (header.length == BLOCK && header[0] != 0) {
        long size = Long.parseLong(text(header, 124, 12), 8);
        byte[] content = content(tar, size);
        char type = (char) header[156];
        if (type == 'L') {
          longName = text(content, 0, content.length);
        } else {
          String prefix = text(header, 345, 155);
          String name = text(header, 0, 100);
          String whole = prefix.isEmpty() ? name : prefix + "/" + name;
          entry(target, longName.isEmpty() ? whole : longName, type, header, content);
          longName = "";
        }
        header = tar.readNBytes(BLOCK);
      }
    }

    private static void entry(Path target, String name, char type, byte[] header, byte[] content)
        throws IOException {
      Path file = target.resolve(name).normalize();
      if (!file.startsWith(target)) {
        throw new IOException("archive entry '" + name + "' leads out of its folder");
      }
      Files.createDirectories(type == '5' ? file : file.resolve("..").normalize());
      boolean program = (Integer.parseInt(text(header, 100, 8), 8) & 0100) != 0;
      if (type == '2') {
        Files.createSymbolicLink(file, Path.of(text(header, 157, 100)));
      } else if (type == '0' || type == '\0') {
        Files.write(file, content);
        Files.setPosixFilePermissions(
            file, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
      } else if (type == '5') {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }

    private static byte[] content(InputStream tar, long size) throws IOException {
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      content.writeBytes(tar.readNBytes(Math.toIntExact(size)));
      tar.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
      return content.toByteArray();
    }

    private static String text(byte[] bytes, int from, int length) {
      int end = from;
      while (end < from + length && bytes[end] != 0) {
        end++;
      }
      return new String(bytes, from, end - from, java.nio.charset.StandardCharsets.UTF_8).strip();
    }
  }
}
