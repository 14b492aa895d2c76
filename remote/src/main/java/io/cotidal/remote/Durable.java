package io.cotidal.remote;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** Files that are there, whole, after a power cut. */
public final class Durable {
  private Durable() {}

  /**
   * Replaces {@code file} by one with that text: readers see the old or the new one, never a part.
   *
   * @param owner whose it becomes; null for the user of this process
   * @param mode for example {@code rw-------}; in force before the text is in it
   */
  public static void write(Path file, String text, @Nullable OsUser owner, String mode)
      throws IOException {
    replace(file, text, owner, mode);
    sync(parent(file));
  }

  /**
   * The same, but after a power cut the old one may be there again, whole: for a text of which the
   * older one says nothing wrong.
   */
  public static void replace(Path file, String text, @Nullable OsUser owner, String mode)
      throws IOException {
    Path parent = parent(file);
    Path fresh = parent.resolve(file.getFileName() + ".cotidal-new");
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      if (owner != null) {
        owner.own(fresh);
      }
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(mode));
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Deletes {@code file} if it is there, for good. */
  public static void delete(Path file) throws IOException {
    if (Files.deleteIfExists(file)) {
      sync(parent(file));
    }
  }

  /** Puts a file's content or a directory's entries on the disk. */
  public static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Puts everything under {@code folder} on the disk. Links are not followed. */
  public static void syncTree(Path folder) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          syncTree(entry);
        } else if (Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
          sync(entry);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    sync(folder);
  }

  /** Deletes everything in {@code folder}, but not the folder itself. Links are not followed. */
  public static void empty(Path folder) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          empty(entry);
        }
        Files.deleteIfExists(entry);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private static Path parent(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException("'" + file + "' is no file in a directory");
    }
    return parent;
  }
}
