package io.cotidal.copies.steps;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Gives folders to the account of a server. Links are not followed. */
final class Owner {
  private Owner() {}

  /** Makes all that lies in {@code run} and {@code data} below the folder the account's own. */
  static void take(Path folder, int uid) throws IOException {
    if (uid < 0) {
      return;
    }
    for (String part : new String[] {"data", "run"}) {
      if (Files.isDirectory(folder.resolve(part), LinkOption.NOFOLLOW_LINKS)) {
        Files.walkFileTree(folder.resolve(part), new Giver(uid));
      }
    }
  }

  /** Makes one file or folder the account's own. */
  static void give(Path path, int uid) throws IOException {
    if (uid >= 0) {
      Files.setAttribute(path, "unix:gid", uid, LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
    }
  }

  private static final class Giver extends SimpleFileVisitor<Path> {
    private final int uid;

    Giver(int uid) {
      this.uid = uid;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
        throws IOException {
      give(folder, uid);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      give(file, uid);
      return FileVisitResult.CONTINUE;
    }
  }
}
