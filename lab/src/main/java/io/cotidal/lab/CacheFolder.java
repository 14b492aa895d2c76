package io.cotidal.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Where what can be made again is kept between runs. */
public final class CacheFolder {
  private CacheFolder() {}

  /**
   * For root {@code /var/cache/cotidal}, which the servers' user can reach and nobody else can
   * write; else {@code cotidal} in {@code XDG_CACHE_HOME} or {@code ~/.cache}. Made if absent.
   */
  public static Path ofUser() throws IOException {
    return make(of(ServerUser.root(), System.getenv(), Path.of(System.getProperty("user.home"))));
  }

  static Path of(boolean root, Map<String, String> environment, Path home) {
    if (root) {
      return Path.of("/var/cache/cotidal");
    }
    String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
    return (cache.isEmpty() ? home.resolve(".cache") : Path.of(cache)).resolve("cotidal");
  }

  private static Path make(Path folder) throws IOException {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new IOException("cannot make the cache folder " + folder + ": " + Reasons.of(e), e);
    }
  }
}
