package io.cotidal.feeds.transfer;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Measures what has come, for the other side may send more than it said. */
final class Limit {
  private Limit() {}

  /** More has come than is allowed. */
  static final class Exceeded extends IOException {
    private static final long serialVersionUID = 1;

    Exceeded() {
      super("larger than is allowed");
    }
  }

  /** How many bytes lie in a folder, within a limit. */
  static long check(Path folder, long most) throws IOException {
    long[] size = {0};
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            size[0] += attributes.size();
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException problem)
              throws IOException {
            // Files come and get their names while we look.
            if (problem instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw problem;
          }
        });
    if (size[0] > most) {
      throw new Exceeded();
    }
    return size[0];
  }
}
