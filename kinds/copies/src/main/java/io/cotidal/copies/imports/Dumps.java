package io.cotidal.copies.imports;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Recognises dumps by their content, whatever they are called, and opens them. */
public final class Dumps {
  private static final int HEAD = 4096;
  private static final int SHOWN = 120;
  private static final byte[] CUSTOM = "PGDMP".getBytes(StandardCharsets.US_ASCII);

  private Dumps() {}

  /**
   * What lies in {@code file}.
   *
   * @param folder the dump folder: a link may not lead out of it
   * @throws DumpException if it is nothing that can be loaded
   */
  public static Dump recognise(Path folder, Path file) throws IOException {
    if (!Files.exists(file)) {
      throw refused(file, "is not there, or is a link to nothing");
    }
    Path real = file.toRealPath();
    if (!real.startsWith(folder.toRealPath())) {
      throw refused(file, "is a link that leads out of the dump folder; put the dump itself there");
    }
    if (Files.isDirectory(real)) {
      return directory(file, real);
    }
    if (!Files.isRegularFile(real)) {
      throw refused(file, "is neither a file nor a folder");
    }
    long bytes = Files.size(real);
    if (bytes == 0) {
      throw refused(file, "is empty");
    }
    Dump.Packing packing;
    try (InputStream in = Files.newInputStream(real)) {
      packing = Packings.of(in.readNBytes(HEAD));
    }
    Dump packed = new Dump(real, Dump.Form.SQL, packing, bytes);
    try (OpenDump content = Packings.open(packed, Limits.USUAL)) {
      return new Dump(real, form(file, content.readNBytes(HEAD)), packing, bytes);
    }
  }

  /**
   * The content of a dump that is one file.
   *
   * @throws IllegalArgumentException for a folder
   */
  public static OpenDump open(Dump dump, Limits limits) throws IOException {
    if (dump.form() == Dump.Form.PG_DIRECTORY) {
      throw new IllegalArgumentException("a folder has no single content");
    }
    return Packings.open(dump, limits);
  }

  /**
   * The content of an SQL dump without a byte order mark of UTF-8 in front: not every client
   * understands one.
   */
  public static InputStream text(OpenDump open) throws IOException {
    byte[] head = open.readNBytes(3);
    PushbackInputStream text = new PushbackInputStream(open, 3);
    if (!Packings.starts(head, 0xEF, 0xBB, 0xBF)) {
      text.unread(head);
    }
    return text;
  }

  /** A file's name as a message may quote it: on one line, bounded. */
  public static String shown(Path file) {
    StringBuilder shown = new StringBuilder("'");
    String name = String.valueOf(file.getFileName());
    name.codePoints()
        .limit(SHOWN)
        .forEach(one ->
            shown.appendCodePoint(
                Character.isISOControl(one) || one == 0x2028 || one == 0x2029 ? '?' : one));
    return shown.append(name.codePointCount(0, name.length()) > SHOWN ? "…'" : "'").toString();
  }

  private static Dump.Form form(Path file, byte[] head) throws DumpException {
    if (head.length == 0 || new String(head, StandardCharsets.ISO_8859_1).isBlank()) {
      throw refused(file, "is empty");
    }
    if (Packings.starts(head, 0xFF, 0xFE) || Packings.starts(head, 0xFE, 0xFF)) {
      throw refused(file, "is UTF-16 text, by its byte order mark; convert it to UTF-8");
    }
    if (Packings.starts(head, CUSTOM[0], CUSTOM[1], CUSTOM[2], CUSTOM[3], CUSTOM[4])) {
      return Dump.Form.PG_CUSTOM;
    }
    if (tape(head)) {
      throw refused(file, "is a tar archive; use pg_dump -Fc or -Fd, or unpack it");
    }
    if (Packings.starts(head, 'P', 'K', 3, 4)) {
      throw refused(file, "is a zip archive; use gzip, zstd or xz");
    }
    if (Packings.starts(head, 'B', 'Z', 'h') && head.length > 3 && Character.isDigit(head[3])) {
      throw refused(file, "is compressed with bzip2; use gzip, zstd or xz");
    }
    if (Packings.of(head) != Dump.Packing.NONE) {
      throw refused(file, "is compressed twice; compress it once");
    }
    for (byte each : head) {
      if (each == 0) {
        throw refused(
            file, "is no SQL text: there are zero bytes in it, as in UTF-16 or a program");
      }
    }
    return Dump.Form.SQL;
  }

  private static boolean tape(byte[] head) {
    return head.length > 262 && new String(head, 257, 5, StandardCharsets.US_ASCII).equals("ustar");
  }

  private static Dump directory(Path file, Path real) throws IOException {
    Path contents = real.resolve("toc.dat");
    if (!Files.isRegularFile(contents, LinkOption.NOFOLLOW_LINKS)) {
      throw refused(
          file, "is a folder, but no PostgreSQL dump in directory format: toc.dat is missing");
    }
    try (InputStream in = Files.newInputStream(contents)) {
      byte[] head = in.readNBytes(CUSTOM.length);
      if (!java.util.Arrays.equals(head, CUSTOM)) {
        throw refused(file, "is a folder whose toc.dat PostgreSQL did not write");
      }
    }
    return new Dump(real, Dump.Form.PG_DIRECTORY, Dump.Packing.NONE, size(file, real));
  }

  private static long size(Path file, Path folder) throws IOException {
    long bytes = 0;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          bytes += size(file, entry);
        } else if (Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
          bytes += Files.size(entry);
        } else {
          throw refused(file, "holds something that is no file: " + shown(entry));
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return bytes;
  }

  private static DumpException refused(Path file, String why) {
    return new DumpException("dump " + shown(file) + " " + why);
  }
}
