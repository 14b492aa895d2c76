package io.cotidal.copies.storage;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;

/** A volume that takes nothing more; the message is one line with reason and remedy. */
public final class VolumeException extends IOException {
  private static final long serialVersionUID = 1;

  /** What is wrong with the volume, whatever it was asked to do. */
  public enum Trouble {
    /** It can be read only. */
    READ_ONLY,
    /** There is no room on it, or on the file system that carries it. */
    FULL
  }

  private final Trouble trouble;

  private VolumeException(Trouble trouble, String message, IOException cause) {
    super(message, cause);
    this.trouble = trouble;
  }

  /** What is wrong. */
  public Trouble trouble() {
    return trouble;
  }

  /** {@code problem} in words for an operator, if it is the volume's; else itself. */
  static IOException of(Path volume, IOException problem) {
    return trouble(problem)
        .<IOException>map(trouble -> new VolumeException(trouble, say(trouble, volume), problem))
        .orElse(problem);
  }

  private static String say(Trouble trouble, Path volume) {
    return switch (trouble) {
      case READ_ONLY ->
          "volume "
              + volume
              + " is read-only: nothing can be made or removed on it; see the kernel's log for the reason, then 'mount -o remount,rw "
              + volume
              + "'";
      case FULL ->
          "volume "
              + volume
              + " is full: remove copies or old generations, or make it larger; for a volume in a file look at the disk that carries the file too";
    };
  }

  private static Optional<Trouble> trouble(IOException problem) {
    if (problem instanceof CallFailed call) {
      return switch (call.error()) {
        case CallFailed.READ_ONLY -> Optional.of(Trouble.READ_ONLY);
        case CallFailed.FULL, CallFailed.OVER_QUOTA -> Optional.of(Trouble.FULL);
        default -> Optional.empty();
      };
    }
    // Java keeps only the kernel's words for the number, in the language of the process.
    String reason =
        problem instanceof FileSystemException known ? known.getReason() : problem.getMessage();
    if (reason == null) {
      return Optional.empty();
    }
    if (reason.equals(SystemCalls.reason(CallFailed.READ_ONLY))) {
      return Optional.of(Trouble.READ_ONLY);
    }
    return reason.equals(SystemCalls.reason(CallFailed.FULL))
            || reason.equals(SystemCalls.reason(CallFailed.OVER_QUOTA))
        ? Optional.of(Trouble.FULL)
        : Optional.empty();
  }
}
