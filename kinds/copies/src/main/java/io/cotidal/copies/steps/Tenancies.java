package io.cotidal.copies.steps;

import io.cotidal.copies.database.EngineException;
import io.cotidal.copies.database.Tenants;
import io.cotidal.copies.database.Tenants.Tenant;
import io.cotidal.copies.plan.Acts;
import io.cotidal.copies.servers.ServerRuntime.Standing;
import io.cotidal.model.Details;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How the copies stand that are databases, as their servers tell over sessions that are kept from
 * one look to the next. For one look at a time; closing is safe at any.
 */
final class Tenancies implements AutoCloseable {
  /** A server that does not answer must not keep the others from telling. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final Tenant NONE = new Tenant(false, 0);

  private final Map<String, Tenants> kept = new ConcurrentHashMap<>();

  /**
   * By the ids of the copies. Those of a server that runs and does not answer are left out: nobody
   * can tell.
   *
   * @param standings of the servers, by the ids of their places
   */
  SortedMap<String, Tenant> look(Bench bench, Map<String, Standing> standings, Deadline deadline)
      throws IOException {
    SortedMap<String, Tenant> found = new TreeMap<>();
    Map<String, Set<String>> lodgers = lodgers(bench);
    for (Map.Entry<String, Set<String>> each : lodgers.entrySet()) {
      String generation = each.getKey();
      Standing standing = standings.get(Layout.host(generation));
      Optional<SortedMap<String, Tenant>> told =
          standing == Standing.GONE
              ? Optional.of(new TreeMap<>())
              : told(bench, generation, deadline);
      told.ifPresent(tenants ->
          each.getValue()
              .forEach(id -> found.put(id, tenants.getOrDefault(SharedServer.name(id), NONE))));
    }
    Set.copyOf(kept.keySet()).stream()
        .filter(generation -> !lodgers.containsKey(generation))
        .forEach(this::drop);
    return found;
  }

  /** The copies that are finished, by the generation in whose server they are. */
  private static Map<String, Set<String>> lodgers(Bench bench) throws IOException {
    Map<String, Set<String>> found = new TreeMap<>();
    Path places = bench.layout().places();
    if (!Files.isDirectory(places)) {
      return found;
    }
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(places, "c[0-9]*-*")) {
      for (Path folder : folders) {
        String id = folder.getFileName().toString();
        Optional<Details> tenancy = Made.read(bench.layout().tenancy(id));
        if (tenancy.isPresent() && Files.exists(bench.layout().made(id))) {
          found.computeIfAbsent(tenancy.get().need(Acts.GENERATION), _ -> new TreeSet<>()).add(id);
        }
      }
    }
    return found;
  }

  private Optional<SortedMap<String, Tenant>> told(
      Bench bench, String generation, Deadline deadline) throws IOException {
    try {
      Tenants session = kept.get(generation);
      if (session == null || session.broken()) {
        drop(generation);
        Optional<Tenants> opened =
            Hosts.of(bench).visit(generation, "look", deadline.atMost(PATIENCE));
        if (opened.isEmpty()) {
          return Optional.of(new TreeMap<>());
        }
        session = opened.get();
        kept.put(generation, session);
      }
      return Optional.of(session.all(deadline.atMost(PATIENCE).left()));
    } catch (EngineException e) {
      drop(generation);
      return Optional.empty();
    }
  }

  private void drop(String generation) {
    Tenants session = kept.remove(generation);
    if (session != null) {
      session.close();
    }
  }

  @Override
  public void close() {
    Set.copyOf(kept.keySet()).forEach(this::drop);
  }
}
