package io.cotidal.lab;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Says in a few words why a file operation failed. */
public final class Reasons {
  private Reasons() {}

  /** The system's reason, without the path that the JDK puts before it. */
  public static String of(IOException problem) {
    if (problem instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (problem instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    if (problem instanceof FileAlreadyExistsException) {
      return "something else has that name";
    }
    if (problem instanceof FileSystemException system && system.getReason() != null) {
      return system.getReason();
    }
    String message = problem.getMessage();
    return message == null ? problem.getClass().getSimpleName() : message;
  }

  /** Whether {@code message} says that a file system has no room left, for this user or at all. */
  public static boolean diskFull(String message) {
    return message.contains("No space left on device") || message.contains("Disk quota exceeded");
  }
}
