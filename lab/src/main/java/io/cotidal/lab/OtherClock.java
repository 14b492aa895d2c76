package io.cotidal.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Gives a server another clock than this machine's. */
public final class OtherClock {
  private static final Path LIBRARY = library();

  private OtherClock() {}

  /** Why no server can have one here, with the remedy; empty if it can. */
  public static Optional<String> missing() {
    return Files.exists(LIBRARY)
        ? Optional.empty()
        : Optional.of("libfaketime is not installed: apt-get install faketime");
  }

  /**
   * The beginning of the command of a program that is to have one.
   *
   * @param ahead by how much; negative for behind
   */
  public static List<String> command(Duration ahead) {
    return List.of(
        "env",
        "LD_PRELOAD=" + LIBRARY,
        "FAKETIME=" + (ahead.isNegative() ? "" : "+") + ahead.toSeconds() + "s",
        "FAKETIME_DONT_FAKE_MONOTONIC=1");
  }

  /** Where Debian keeps it, for this machine's processor. */
  private static Path library() {
    String processor = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64";
    return Path.of("/usr/lib", processor + "-linux-gnu", "faketime", "libfaketime.so.1");
  }
}
