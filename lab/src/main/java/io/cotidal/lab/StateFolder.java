package io.cotidal.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * Where this user's labs remember what they started. Outlives every lab; readable by its user only.
 */
public final class StateFolder {
  private StateFolder() {}

  /**
   * {@code COT_STATE_DIR}, else {@code cotidal} in {@code XDG_STATE_HOME}, else in {@code
   * ~/.local/state}; made if absent.
   */
  public static Path ofUser() throws IOException {
    return of(System.getenv(), Path.of(System.getProperty("user.home")));
  }

  static Path of(Map<String, String> environment, Path home) throws IOException {
    String own = environment.getOrDefault("COT_STATE_DIR", "");
    String state = environment.getOrDefault("XDG_STATE_HOME", "");
    Path folder =
        !own.isEmpty()
            ? Path.of(own)
            : (state.isEmpty() ? home.resolve(".local/state") : Path.of(state)).resolve("cotidal");
    try {
      return Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new IOException(
          "cannot make the state folder "
              + folder
              + " ("
              + Reasons.of(e)
              + "): name a writable one in COT_STATE_DIR",
          e);
    }
  }
}
