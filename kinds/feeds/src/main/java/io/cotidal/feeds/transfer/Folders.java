package io.cotidal.feeds.transfer;

import io.cotidal.remote.Durable;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What lies where under the root of a cache. Whatever is made here is for our account alone, and a
 * link is never taken for a folder or a file.
 */
record Folders(Path root) {
  private static final FileAttribute<Set<PosixFilePermission>> OURS =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{32}|[0-9a-f]{64}");

  /** Makes the root absolute. */
  Folders {
    root = root.toAbsolutePath().normalize();
  }

  Path contents() {
    return root.resolve("sha256");
  }

  Path entries() {
    return root.resolve("index");
  }

  Path served() {
    return root.resolve("served");
  }

  Path partials() {
    return root.resolve("partial");
  }

  Path staging() {
    return root.resolve("staging");
  }

  /** Where that content lies, whether it is there or not. */
  Path content(String sha256) {
    return spread(contents(), sha256);
  }

  /** The file that says what content has that key. */
  Path entry(String key) {
    return spread(entries(), key);
  }

  /** What others fetch for that key. */
  Path served(String key) {
    return spread(served(), key);
  }

  /**
   * The folder of what has come of that key so far; holds one file at most, of the name that it has
   * at its place.
   */
  Path partial(String key, String name) {
    return partials().resolve(key + "-" + Digests.sha256(name).substring(0, 16));
  }

  /** The lock for that key; keys share few thousand files, which stay. */
  Path lock(String key) {
    return root.resolve("locks").resolve(key.substring(0, 3));
  }

  /** The lock that a running rsync holds itself, for it may outlive us. */
  Path running(String key) {
    return root.resolve("locks").resolve(key.substring(0, 3) + ".running");
  }

  /** A name in the staging folder that nobody else has. */
  Path fresh(String ending) throws IOException {
    return made(staging()).resolve(UUID.randomUUID() + ending);
  }

  private static Path spread(Path folder, String name) {
    return folder.resolve(name.substring(0, 2)).resolve(name);
  }

  /** Makes the folder of a file under the root. */
  Path ready(Path file) throws IOException {
    Path parent = file.getParent();
    if (parent != null) {
      made(parent);
    }
    return file;
  }

  /**
   * Makes a folder under the root, with those above it.
   *
   * @throws IOException if one of them is something else, for example a link
   */
  Path made(Path folder) throws IOException {
    if (!folder.startsWith(root)) {
      throw new IOException(folder + " is not in the cache");
    }
    if (!Files.isDirectory(root)) {
      Files.createDirectories(root, OURS);
    }
    Path each = root;
    for (Path part : root.relativize(folder)) {
      if (part.toString().isEmpty()) {
        continue;
      }
      each = each.resolve(part);
      try {
        Files.createDirectory(each, OURS);
      } catch (FileAlreadyExistsException e) {
        if (!Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
          throw new IOException(each + " is no folder; remove it", e);
        }
      }
    }
    return folder;
  }

  /** What lies in a folder; nothing if there is none. */
  static List<Path> list(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      all.forEach(found::add);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return found;
  }

  /** The files of a folder that is spread over folders of two letters, if named by a digest. */
  static List<Path> files(Path spread) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path letters : list(spread)) {
      if (Files.isDirectory(letters, LinkOption.NOFOLLOW_LINKS)) {
        found.addAll(list(letters));
      }
    }
    found.removeIf(file -> !DIGEST.matcher(file.getFileName().toString()).matches());
    return found;
  }

  /** Removes a file, or a folder with all that is in it. */
  static void remove(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      Durable.empty(path);
    }
    Files.deleteIfExists(path);
  }
}
