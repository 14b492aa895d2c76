package io.cotidal.app;

import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.Loaded;
import io.cotidal.app.kinds.Kinds;
import io.cotidal.lab.ClusterSettings;
import io.cotidal.lab.DemoCluster;
import io.cotidal.lab.PostgresBinaries;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * A folder with the configuration of three real members, and whatever runs there until it closes.
 */
final class ClusterLab implements AutoCloseable {
  private static final Path BASE = Path.of(System.getProperty("java.io.tmpdir"));

  private final ServerRegistry registry;
  private final DemoCluster cluster;

  private ClusterLab(ServerRegistry registry, DemoCluster cluster) {
    this.registry = registry;
    this.cluster = cluster;
  }

  /** With the servers that Maven Central brings. */
  static ClusterLab open() throws IOException {
    return open(PostgresBinaries.bundled(BASE.resolve("cotidal-postgres")));
  }

  /** With the servers whose programs are in {@code bin}. */
  static ClusterLab open(Path bin) throws IOException {
    ServerRegistry registry = ServerRegistry.open(StateFolder.ofUser(), BASE);
    DemoCluster cluster = DemoCluster.in(registry, bin);
    cluster.configure(ClusterSettings.listening(registry.port()));
    return new ClusterLab(registry, cluster);
  }

  DemoCluster cluster() {
    return cluster;
  }

  /** What else of the lab is to run beside the cluster. */
  ServerRegistry registry() {
    return registry;
  }

  /** Starts a process that ends with the lab at the latest. */
  Process start(ProcessBuilder builder) throws IOException {
    return registry.start(builder);
  }

  Configuration configuration() {
    return configuration(cluster.configuration());
  }

  /** What another file says. */
  Configuration configuration(Path file) {
    Loaded loaded = Kinds.reader(Map.of(), Map.of(), cluster.folder()).read(file);
    if (loaded instanceof Loaded.Valid valid) {
      return valid.configuration();
    }
    throw new IllegalStateException(loaded.toString());
  }

  @Override
  public void close() throws IOException {
    registry.close();
  }
}
