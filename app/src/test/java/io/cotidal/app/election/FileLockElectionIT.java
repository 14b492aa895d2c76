package io.cotidal.app.election;

import io.cotidal.lab.ServerRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The lock on a file: the operating system's word, so a frozen holder keeps it. */
final class FileLockElectionIT extends ElectionConformance {
  private Path folder;

  @Override
  void prepare(ServerRegistry lab) throws IOException {
    folder = lab.folder("election");
  }

  @Override
  List<String> ticket(String name) {
    return List.of("file", folder.resolve("store.lock").toString());
  }

  /** It is tried every second. */
  @Override
  Duration round() {
    return Duration.ofSeconds(1);
  }

  @Override
  boolean replacesFrozen() {
    return false;
  }
}
