package io.cotidal.app.adopt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A file that is to be made, and was not there before. */
public record NewFile(Path path, String mode, String text) {
  /**
   * Makes all of them, or none.
   *
   * @throws IOException in one line if one of them is there, or cannot be written
   */
  public static void make(List<NewFile> files) throws IOException {
    int made = 0;
    boolean done = false;
    try {
      for (NewFile file : files) {
        Files.createFile(
            file.path,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(file.mode)));
        made++;
        Files.write(file.path, file.text.getBytes(StandardCharsets.UTF_8));
      }
      done = true;
    } catch (FileAlreadyExistsException e) {
      throw new IOException(e.getFile() + " exists already", e);
    } finally {
      if (!done) {
        for (NewFile file : files.subList(0, made)) {
          Files.deleteIfExists(file.path);
        }
      }
    }
  }

  /** Says nothing of the text: it may be a password. */
  @Override
  public String toString() {
    return path.toString();
  }
}
