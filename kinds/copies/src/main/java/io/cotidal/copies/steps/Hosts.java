package io.cotidal.copies.steps;

import io.cotidal.copies.database.DatabaseClones;
import io.cotidal.copies.database.EngineException;
import io.cotidal.copies.database.Place;
import io.cotidal.copies.database.Tenants;
import io.cotidal.copies.database.User;
import io.cotidal.copies.plan.Acts;
import io.cotidal.copies.servers.ServerRuntime.Standing;
import io.cotidal.copies.storage.Volume;
import io.cotidal.model.Details;
import io.cotidal.model.Stamp;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Gate;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;

/**
 * The servers in which copies are databases: one for each generation, on a clone of its data, at a
 * place of its own beside it. Made when it is first needed, started again when it is needed and
 * does not run.
 */
final class Hosts {
  /** How long a server that runs may take to let the administrator in. */
  static final Duration LOGIN = Duration.ofSeconds(5);

  private static final String OWNER = "owner";

  private final Bench bench;
  private final DatabaseClones clones;

  private Hosts(Bench bench, DatabaseClones clones) {
    this.bench = bench;
    this.clones = clones;
  }

  /**
   * The servers of a template.
   *
   * @throws EngineException if its engine cannot clone databases
   */
  static Hosts of(Bench bench) throws EngineException {
    return new Hosts(
        bench,
        bench
            .tools()
            .engine()
            .clones()
            .orElseThrow(() ->
                new EngineException(
                    bench.tools().engine().name()
                        + " cannot clone a database: write isolation: server")));
  }

  /** In words for people, how the server copies on that volume. */
  static String method(Volume volume) {
    return shares(volume)
        ? "PostgreSQL clone"
        : "PostgreSQL copy (slow: this file system shares nothing; see cot volume init)";
  }

  private static boolean shares(Volume volume) {
    return volume.method() != Volume.Method.PLAIN;
  }

  /**
   * A session with the server of a generation, which is made, or started, if need be.
   *
   * @param purpose see {@link DatabaseClones#tenants}
   */
  Tenants enter(String generation, String purpose, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    String host = Layout.host(generation);
    if (Made.read(bench.layout().made(host)).isPresent()
        && Files.notExists(bench.layout().owing(host))) {
      try {
        return open(generation, purpose, deadline);
      } catch (EngineException e) {
        // It may have ended, or be about to answer: whoever holds the gate finds out.
      }
    }
    Optional<EngineException> failure =
        gate(host)
            .look(Stamp.NONE, deadline, _ -> raised(generation, deadline))
            .orElse(Optional.of(new EngineException("the server of " + generation + " is going")));
    if (failure.isPresent()) {
      throw failure.get();
    }
    return open(generation, purpose, deadline);
  }

  private Gate gate(String host) {
    return new Gate(bench.layout().gated(host), bench.tools().processes());
  }

  private Tenants open(String generation, String purpose, Deadline deadline)
      throws EngineException, IOException {
    Duration patience = deadline.atMost(LOGIN).left();
    return clones.tenants(
        bench.place(Layout.host(generation)), bench.administrator(generation), purpose, patience);
  }

  /** A session with the server of a generation; empty if it does not run. */
  Optional<Tenants> visit(String generation, String purpose, Deadline deadline)
      throws EngineException, IOException {
    return runs(generation) ? Optional.of(open(generation, purpose, deadline)) : Optional.empty();
  }

  private boolean runs(String generation) throws IOException {
    String host = Layout.host(generation);
    return Made.read(bench.layout().made(host)).isPresent()
        && bench.tools().runtime().standing(bench.place(host)) != Standing.GONE;
  }

  private Optional<EngineException> raised(String generation, Deadline deadline)
      throws IOException, InterruptedException {
    try {
      if (Made.read(bench.layout().made(generation)).isEmpty()) {
        throw new EngineException("generation " + generation + " is gone");
      }
      if (Made.read(bench.layout().made(Layout.host(generation))).isEmpty()) {
        build(generation, deadline);
      } else {
        up(generation, false, deadline);
      }
      if (Files.exists(bench.layout().owing(Layout.host(generation)))) {
        sweep(generation, deadline);
        Files.delete(bench.layout().owing(Layout.host(generation)));
      }
      return Optional.empty();
    } catch (EngineException e) {
      return Optional.of(e);
    }
  }

  private void up(String generation, boolean movable, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    boolean sharing = shares(bench.tools().volume());
    new Startup(bench, place -> clones.server(bench.tools().installation(), place, sharing))
        .up(Layout.host(generation), bench.administrator(generation), movable, deadline)
        .close();
  }

  private void build(String generation, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    String host = Layout.host(generation);
    String template = bench.spec().database().name();
    Premises premises = new Premises(bench);
    new Places(bench).remove(host, deadline);
    premises.folder(host);
    premises.run(host);
    premises.data(host, generation, deadline);
    premises.certificate(host);
    clones.prepare(bench.place(host));
    up(generation, true, deadline);
    try (Tenants tenants = open(generation, "build", deadline)) {
      String owner = tenants.protect(template, deadline);
      Made.write(
          bench.layout().made(host),
          Details.of(Acts.GENERATION, generation).with(Acts.DATABASE, template).with(OWNER, owner));
    }
  }

  /** Drops the databases of copies that were removed while the server did not run. */
  private void sweep(String generation, Deadline deadline) throws EngineException, IOException {
    try (Tenants tenants = open(generation, "sweep", deadline)) {
      for (String name : tenants.all(deadline.left()).keySet()) {
        if (!lives(SharedServer.id(name), generation)) {
          tenants.remove(name, deadline);
        }
      }
    }
  }

  private boolean lives(String id, String generation) throws IOException {
    return Made.read(bench.layout().tenancy(id))
        .filter(tenancy -> tenancy.need(Acts.GENERATION).equals(generation))
        .isPresent();
  }

  /** Changes what says where a copy lives. */
  @FunctionalInterface
  interface Note {
    void write() throws IOException;
  }

  /**
   * Whether the server of that generation does not run; then {@code elsewhere} was written, and the
   * server will remove the copy itself when it starts. It does not start meanwhile.
   */
  boolean left(String generation, Note elsewhere, Deadline deadline)
      throws IOException, InterruptedException {
    return gate(Layout.host(generation))
        .look(
            Stamp.NONE,
            deadline,
            _ -> {
              if (runs(generation)) {
                return false;
              }
              if (Files.isDirectory(bench.layout().folder(Layout.host(generation)))) {
                // It may be started by one daemon, and another one must still know.
                Made.write(bench.layout().owing(Layout.host(generation)), Details.NONE);
              }
              elsewhere.write();
              return true;
            })
        .orElseThrow(() -> new IOException("the server of " + generation + " is being removed"));
  }

  /** From what copies of a generation are cloned. */
  Tenants.Origin origin(String generation) throws EngineException, IOException {
    Details made =
        Made.read(bench.layout().made(Layout.host(generation)))
            .orElseThrow(() -> new EngineException("the server of " + generation + " is gone"));
    return new Tenants.Origin(made.need(Acts.DATABASE), made.need(OWNER));
  }

  /** Logs in as a copy's user. */
  void login(String generation, User user, Deadline deadline) throws EngineException, IOException {
    Place host = bench.place(Layout.host(generation));
    clones.login(host, user, deadline);
  }

  /** Makes the server of a generation run, so that the first copy need not wait for it. */
  void ready(String generation, Deadline deadline)
      throws EngineException, IOException, InterruptedException {
    enter(generation, "ready", deadline).close();
  }
}
