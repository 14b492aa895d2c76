package io.cotidal.copies.steps;

import io.cotidal.copies.capacity.MemoryGuard;
import io.cotidal.copies.observe.CopiesFacts;
import io.cotidal.copies.servers.ServerRuntime.Standing;
import io.cotidal.copies.servers.StartQueue;
import io.cotidal.copies.storage.Volume;
import io.cotidal.engine.snapshot.SnapshotSource;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** One look at the host for one template: cheap enough for every second. Changes nothing. */
final class Look implements AutoCloseable {
  /** Younger folders may belong to an item that the planner does not know yet. */
  private static final Duration GRACE = Duration.ofMinutes(1);

  /** A dump that was not written to for so long is whole, as far as anybody can tell. */
  private static final Duration SETTLE = Duration.ofSeconds(3);

  private static final Path MEMORY = Path.of("/proc/meminfo");

  private final InstantSource clock;
  private final Idleness idleness = new Idleness();
  private final Tenancies tenancies = new Tenancies();

  Look(InstantSource clock) {
    this.clock = clock;
  }

  CopiesFacts now(Bench bench, Deadline deadline) throws IOException {
    Volume volume = bench.tools().volume();
    Volume.Space space = volume.space();
    long memory =
        MemoryGuard.available(Files.readString(MEMORY))
            .orElseThrow(() -> new IOException(MEMORY + " does not say how much is available"));
    Optional<CopiesFacts.DumpSeen> offered = offered(bench);
    Optional<Path> dump = bench.spec().template().dump().filter(Files::exists);
    if (dump.isPresent()
        && clock.instant().isBefore(Fingerprints.changed(dump.get()).plus(SETTLE))) {
      // Somebody may still be writing it.
      dump = Optional.empty();
    }
    SortedMap<String, CopiesFacts.Server> servers = servers(bench, deadline);
    if (deadline.over()) {
      throw new IOException("the look at the host took too long");
    }
    return new CopiesFacts(
        bench.method(),
        space.free(),
        space.total(),
        memory,
        StartQueue.limitHere(),
        !Files.getFileStore(volume.root()).isReadOnly(),
        servers,
        leftovers(bench),
        dump.isEmpty() ? offered : Optional.of(dump(dump.get())),
        new Places(bench).taken());
  }

  /** What the cluster that the template is taken from offers now; asks no server. */
  private static Optional<CopiesFacts.DumpSeen> offered(Bench bench) {
    return bench
        .spec()
        .template()
        .from()
        .flatMap(from ->
            bench
                .source()
                .map(source -> source.offer(from.member()))
                .filter(SnapshotSource.Offer.Ready.class::isInstance)
                .map(SnapshotSource.Offer.Ready.class::cast)
                .map(ready ->
                    new CopiesFacts.DumpSeen(from.resource().toString(), 0, ready.mark())));
  }

  private static CopiesFacts.DumpSeen dump(Path file) throws IOException {
    return new CopiesFacts.DumpSeen(
        file.toString(), Fingerprints.bytes(file), Fingerprints.seen(file));
  }

  private SortedMap<String, CopiesFacts.Server> servers(Bench bench, Deadline deadline)
      throws IOException {
    Map<Integer, Integer> connections = Connections.established();
    SortedMap<String, CopiesFacts.Server> servers = new TreeMap<>();
    long now = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    SortedMap<String, Standing> standings = new TreeMap<>();
    bench
        .tools()
        .runtime()
        .standings()
        .forEach((unique, standing) -> standings.put(bench.layout().own(unique), standing));
    standings.remove("");
    for (Map.Entry<String, Standing> each : standings.entrySet()) {
      String id = each.getKey();
      int sessions =
          each.getValue() == Standing.RUNNING
              ? connections.getOrDefault(bench.place(id).port(), 0)
              : 0;
      servers.put(id, server(id, each.getValue(), sessions, now));
    }
    tenancies
        .look(bench, standings, deadline)
        .forEach((id, tenant) -> {
          Standing standing = tenant.open() ? Standing.RUNNING : Standing.GONE;
          servers.put(id, server(id, standing, tenant.sessions(), now));
        });
    idleness.retain(servers.keySet());
    return servers;
  }

  private CopiesFacts.Server server(String id, Standing standing, int sessions, long now) {
    return new CopiesFacts.Server(standing, sessions, idleness.of(id, standing, sessions, now));
  }

  private SortedSet<String> leftovers(Bench bench) throws IOException {
    SortedSet<String> old = new TreeSet<>();
    Path places = bench.layout().places();
    if (!Files.isDirectory(places)) {
      return old;
    }
    Instant limit = clock.instant().minus(GRACE);
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(places)) {
      for (Path folder : folders) {
        String name = folder.getFileName().toString();
        boolean ours = name.matches("[cg][0-9]+-[0-9a-z]+");
        // A generation's server belongs to it, and goes with it.
        boolean lone =
            name.matches("h[0-9]+-[0-9a-z]+")
                && Files.notExists(bench.layout().folder("g" + name.substring(1)));
        if ((ours || lone)
            && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
            && Files.getLastModifiedTime(folder).toInstant().isBefore(limit)) {
          old.add(name);
        }
      }
    }
    return old;
  }

  @Override
  public void close() {
    tenancies.close();
  }
}
