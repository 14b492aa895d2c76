package io.cotidal.copies.steps;

import io.cotidal.copies.database.Choice;
import io.cotidal.copies.database.DatabaseEngine;
import io.cotidal.copies.database.EngineException;
import io.cotidal.copies.database.Installation;
import io.cotidal.copies.servers.Certificates;
import io.cotidal.copies.servers.PortLedger;
import io.cotidal.copies.servers.ProcessRuntime;
import io.cotidal.copies.servers.ServerRuntime;
import io.cotidal.copies.servers.StartQueue;
import io.cotidal.copies.servers.docker.DockerRuntime;
import io.cotidal.copies.servers.docker.DockerSettings;
import io.cotidal.copies.servers.docker.ImageName;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.copies.storage.LocalVolume;
import io.cotidal.engine.SecretStore;
import io.cotidal.model.ResourceId;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What all templates of this host share: the queue of starts, the ledger of ports, the engines that
 * are on the class path. Thread-safe.
 */
public final class Workshop {
  /**
   * Where all daemons of this account keep their claims on ports: where nobody else can have put a
   * link before them.
   */
  public static final Path PORTS =
      System.getProperty("user.name").equals("root")
          ? Path.of("/run/cotidal/ports")
          : Path.of(System.getProperty("user.home"), ".cache", "cotidal", "ports");

  private static final Duration CERTIFICATE = Duration.ofDays(825);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final SecretStore secrets;
  private final InstantSource clock;
  private final Path ports;
  private final SnapshotSources sources;
  private final LocalProcesses processes = new LocalProcesses();
  private final SecureRandom random = new SecureRandom();
  private final StartQueue starts = new StartQueue(StartQueue.limitHere());
  private final Map<ResourceId, Uploads> uploads = new ConcurrentHashMap<>();
  private final TreeMap<String, DatabaseEngine> engines = new TreeMap<>();

  /**
   * A workshop.
   *
   * @param ports the folder of the claims on ports
   * @param sources where data of clusters comes from
   */
  public Workshop(SecretStore secrets, InstantSource clock, Path ports, SnapshotSources sources) {
    this.secrets = secrets;
    this.clock = clock;
    this.ports = ports;
    this.sources = sources;
    ServiceLoader.load(DatabaseEngine.class).forEach(each -> engines.put(each.name(), each));
  }

  /** A driver for the copies of {@code spec}; nothing is touched before its first look. */
  public CopiesDriver driver(CopiesSpec spec) {
    BenchSource source = new BenchSource(() -> open(spec));
    uploads.put(spec.id(), new Uploads(() -> source.get().tools().volume().space(), spec));
    return new CopiesDriver(source, clock, processes, spec);
  }

  /** What clients send for a template; empty if it has no driver. */
  public Optional<Uploads> uploads(ResourceId template) {
    return Optional.ofNullable(uploads.get(template));
  }

  private Bench open(CopiesSpec spec) throws IOException, InterruptedException {
    DatabaseEngine engine = engines.get(spec.database().engine());
    if (engine == null) {
      throw new IOException(
          "engine '"
              + spec.database().engine()
              + "' is not known: write one of "
              + String.join(", ", engines.keySet()));
    }
    Installation installation;
    try {
      installation = engine.locate(new Choice(spec.database().version(), spec.database().server()));
    } catch (EngineException e) {
      throw new IOException(e.getMessage(), e);
    }
    if (spec.service().isolation() == CopiesSpec.Isolation.DATABASE) {
      requireClones(engine, installation);
    }
    LocalVolume volume = LocalVolume.open(spec.storage().volume(), Deadline.in(PATIENCE));
    if (spec.storage().quotaBytes() > 0) {
      volume.requireLimits();
    }
    Layout layout = new Layout(spec);
    Files.createDirectories(layout.places());
    return Bench.of(
        spec,
        new Bench.Tools(
            engine,
            installation,
            volume,
            runtime(spec, engine, layout),
            new PortLedger(
                ports,
                new PortLedger.Range(spec.service().firstPort(), spec.service().lastPort()),
                InetAddress.ofLiteral(spec.service().listen()),
                random),
            new Certificates(clock, CERTIFICATE),
            starts,
            secrets,
            processes,
            random,
            sources));
  }

  private static void requireClones(DatabaseEngine engine, Installation installation)
      throws IOException {
    try {
      engine
          .clones()
          .orElseThrow(() ->
              new EngineException(
                  engine.name() + " cannot clone a database: write isolation: server"))
          .require(installation);
    } catch (EngineException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private ServerRuntime runtime(CopiesSpec spec, DatabaseEngine engine, Layout layout)
      throws IOException {
    return switch (spec.service().runtime()) {
      case "process" ->
          new ProcessRuntime(processes, layout.house(), engine.stopSignal(), engine.dropSignal());
      case "docker" ->
          new DockerRuntime(
              new DockerSettings(
                  spec.service().socket(),
                  new ImageName(spec.service().image()),
                  layout.house().toString(),
                  PATIENCE),
              random);
      default ->
          throw new IOException(
              "runtime '" + spec.service().runtime() + "' is not known: write process or docker");
    };
  }
}
