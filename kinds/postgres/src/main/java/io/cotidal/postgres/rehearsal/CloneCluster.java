package io.cotidal.postgres.rehearsal;

import io.cotidal.model.MemberId;
import io.cotidal.model.Progress;
import io.cotidal.model.Secret;
import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.postgres.spec.Clones;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.OsUser;
import io.cotidal.remote.ProcessId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Clones of a real cluster that run on this machine: a primary and standbys that stream from it,
 * not yet under anybody's control.
 *
 * @param spec the clones as a cluster of their own
 * @param login the only one that they let in, with the database that was made for it
 * @param dropped parameters of the real member that they do not have
 * @param bytes that were copied of it
 * @param taken how long that took
 */
public record CloneCluster(
    PostgresSpec spec, Login login, List<String> dropped, long bytes, Duration taken) {
  private static final Duration COMES_UP = Duration.ofMinutes(2);
  private static final Duration ASKED = Duration.ofMillis(500);
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final int PORTS = 2_000;

  /** Copies the list. */
  public CloneCluster {
    dropped = List.copyOf(dropped);
  }

  /** Says whether to go on. */
  @FunctionalInterface
  public interface Watch {
    /**
     * Looks, quickly.
     *
     * @throws RehearsalFailed if the rehearsal is to end
     */
    void check() throws RehearsalFailed;
  }

  /**
   * What a run of clones stands on.
   *
   * @param root the folder in which theirs is made
   */
  public record Stand(Path root, LocalProcesses processes, Watch watch) {}

  /** For what commits wait there, as in the real cluster. */
  public String durability() {
    return spec.settings().getOrDefault("synchronous_commit", "on");
  }

  /** How to log in to a clone. */
  public Login login(Server server) {
    return new Login(
        server.host(),
        server.port(),
        login.database(),
        login.user(),
        login.password(),
        login.application());
  }

  /** Where clones of this cluster are to be made. */
  public static Path root(PostgresSpec spec, Path folder) {
    return spec.practice().clones().folder().orElse(folder).resolve(spec.id().name());
  }

  /**
   * Makes them in a scratch folder that is handed over as soon as it is there.
   *
   * @throws RehearsalFailed with place, reason and remedy
   */
  public static CloneCluster make(
      CloneRehearsals.Order order, Stand stand, Consumer<Scratch> made, Consumer<Progress> progress)
      throws RehearsalFailed, InterruptedException {
    PostgresSpec real = order.spec();
    Clones wish = real.practice().clones();
    Server server =
        real.server(order.source())
            .orElseThrow(() -> new RehearsalFailed(real.id() + " has no " + order.source()));
    String user = wish.user().orElse(server.user());
    Optional<OsUser> owner = Scratch.owner(stand.processes(), user);
    Path bin = wish.bin().orElse(server.bin());
    Source source = Source.ask(real, server, order.deadline());
    stand.watch().check();
    try {
      Survey survey = new Survey(stand, bin, user);
      survey.require(order, source, wish.limit());
      Scratch scratch = Scratch.make(stand.root(), Long.toString(order.number()), owner);
      made.accept(scratch);
      survey.requireReachable(scratch.folder());
      ClonePlan.Place place = place(order, scratch, user);
      Quarantine quarantine =
          Quarantine.of(source).withBuffers(Survey.memory() / 4 / order.members().size());
      PostgresSpec spec = ClonePlan.of(order, place, quarantine);
      long began = System.nanoTime();
      CloneFiles files = new CloneFiles(order, spec, quarantine, scratch, stand, owner);
      LowPriority.programs(bin, scratch);
      progress.accept(new Progress(0, source.bytes(), "bytes"));
      files.copy(server, wish.rate());
      Duration taken = Duration.ofNanos(System.nanoTime() - began);
      progress.accept(new Progress(source.bytes(), source.bytes(), "bytes"));
      files.prepare();
      files.spread();
      CloneCluster cluster =
          new CloneCluster(
              spec,
              new Login(
                  ClonePlan.HOST, 0, place.login(), place.login(), place.password(), "prober"),
              quarantine.dropped(),
              source.bytes(),
              taken);
      for (Server each : primaryFirst(spec, order.primary())) {
        cluster.start(each, stand, order.deadline().atMost(COMES_UP));
      }
      return cluster;
    } catch (IOException e) {
      throw new RehearsalFailed(
          "clones of " + real.id() + " in " + stand.root() + ": " + e.getMessage(), e);
    }
  }

  /** With a login that nobody can know or guess, and that no real role has. */
  private static ClonePlan.Place place(CloneRehearsals.Order order, Scratch scratch, String user)
      throws RehearsalFailed {
    byte[] random = new byte[4];
    SecureRandom secure = new SecureRandom();
    secure.nextBytes(random);
    byte[] secret = new byte[24];
    secure.nextBytes(secret);
    return new ClonePlan.Place(
        scratch.resolve(CloneFiles.MEMBERS),
        scratch.resolve(LowPriority.FOLDER),
        user,
        ports(order.spec().practice().clones().port(), order.members().size()),
        "cotidal_rehearsal_" + HexFormat.of().formatHex(random),
        new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(secret)));
  }

  private static List<Server> primaryFirst(PostgresSpec spec, MemberId primary) {
    List<Server> order = new ArrayList<>(spec.servers());
    order.sort(
        (one, other) -> Boolean.compare(other.id().equals(primary), one.id().equals(primary)));
    return order;
  }

  /** The next ports from {@code first} on on which nobody listens. */
  private static List<Integer> ports(int first, int count) throws RehearsalFailed {
    List<Integer> found = new ArrayList<>();
    for (int port = first; port < Math.min(first + PORTS, 65_536); port++) {
      if (free(port)) {
        found.add(port);
      }
      if (found.size() == count) {
        return found;
      }
    }
    throw new RehearsalFailed(
        "no clones are made: from port "
            + first
            + " on fewer than "
            + count
            + " of "
            + PORTS
            + " are free; write another port into rehearsal");
  }

  private static boolean free(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral(ClonePlan.HOST), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void start(Server server, Stand stand, Deadline deadline)
      throws RehearsalFailed, IOException, InterruptedException {
    Path log = CloneFiles.log(server);
    ProcessId process = stand.processes().launch(CloneFiles.program(server), log);
    String last = "";
    while (!deadline.over()) {
      stand.watch().check();
      if (!stand.processes().table().alive(process)) {
        throw new RehearsalFailed(
            "the clone of " + server.id() + " did not come up: " + CloneFiles.lastWords(log));
      }
      try (PgSession session = PgSession.open(login(server), deadline.atMost(ASKED).left())) {
        session.run("SELECT 1", deadline.atMost(ASKED).left());
        return;
      } catch (PgException e) {
        last = String.valueOf(e.getMessage());
      }
      deadline.pause(LOOK);
    }
    throw new RehearsalFailed("the clone of " + server.id() + " does not answer: " + last);
  }
}
