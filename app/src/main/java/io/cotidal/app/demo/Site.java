package io.cotidal.app.demo;

import io.cotidal.lab.Reasons;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a rig works, and what it needs there.
 *
 * @param daemons what starts its daemon
 * @param state where this user's demos are remembered
 * @param base where the folder is made
 * @param port of the page; 0 for any
 */
public record Site(Daemons daemons, Path state, Path base, int port) {
  private static final long ROOM = 600L * 1024 * 1024;
  private static final long LEAST = 2L * 1024 * 1024;

  /**
   * Where demos make their folders: {@code COT_DEMO_DIR}, else the system's folder for temporary
   * files.
   */
  public static Path chosenBase() {
    String chosen = System.getenv().getOrDefault("COT_DEMO_DIR", "");
    return Path.of(chosen.isEmpty() ? System.getProperty("java.io.tmpdir") : chosen);
  }

  /** Sees that the folder can be made, the disk has room for three members and the port is free. */
  void check() throws IOException, DemoProblem {
    checkRoom();
    checkPort();
  }

  private void checkRoom() throws IOException, DemoProblem {
    try {
      Files.createDirectories(base);
    } catch (IOException e) {
      throw new DemoProblem(
          "cannot make the folder %s (%s): name another one in COT_DEMO_DIR"
              .formatted(base, Reasons.of(e)),
          e);
    }
    long free = Files.getFileStore(base).getUsableSpace();
    if (free < ROOM) {
      throw new DemoProblem(
          "the disk of %s has %d MB free and three members need %d MB: free some, or name another folder in COT_DEMO_DIR"
              .formatted(base, free >> 20, ROOM >> 20));
    }
  }

  private void checkPort() throws DemoProblem {
    if (port == 0) {
      return;
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new DemoProblem(
          "port %d of 127.0.0.1, where the page would be, is taken: end the program that listens there, or choose another with --port"
              .formatted(port),
          e);
    }
  }

  /** Whether so little is left on the disk of {@code folder} that no server can go on there. */
  static boolean full(Path folder) throws IOException {
    return Files.getFileStore(folder).getUsableSpace() < LEAST;
  }
}
