package io.cotidal.lab;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;

/** As whom servers run: PostgreSQL refuses to run as root. */
public final class ServerUser {
  private ServerUser() {}

  /**
   * The user to run servers as: {@code postgres}, else {@code nobody}, if this process is root;
   * else empty, which means its own.
   */
  public static String choose() throws IOException {
    if (!root()) {
      return "";
    }
    for (String name : List.of("postgres", "nobody")) {
      if (exists(name)) {
        return name;
      }
    }
    throw new IOException(
        "PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody: run as another user");
  }

  /** Whether this process is root. */
  static boolean root() throws IOException {
    return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
  }

  private static boolean exists(String name) throws IOException {
    try {
      FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(name);
      return true;
    } catch (UserPrincipalNotFoundException e) {
      return false;
    }
  }
}
