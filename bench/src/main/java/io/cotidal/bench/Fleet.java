package io.cotidal.bench;

import io.cotidal.app.DaemonsHere;
import io.cotidal.app.demo.Daemons;
import io.cotidal.app.demo.DemoProblem;
import io.cotidal.app.demo.Site;
import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.engine.ResourceView;
import io.cotidal.lab.CacheFolder;
import io.cotidal.lab.Login;
import io.cotidal.lab.PostgresBinaries;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.ServerUser;
import io.cotidal.lab.StateFolder;
import io.cotidal.lab.Target;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.MemberView;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Real clusters of three on this machine, in mode manage, and the daemon that runs them, in this
 * JVM. Closing it stops the daemon, kills the members and removes their folders.
 */
final class Fleet implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final Actor BENCH = new Actor("bench");

  /** So many are made side by side. */
  private static final int MADE_AT_ONCE = 3;

  private final ServerRegistry registry;
  private final Login login;
  private final List<Cluster> clusters;
  private final Daemons.Running daemon;

  private Fleet(
      ServerRegistry registry, Login login, List<Cluster> clusters, Daemons.Running daemon) {
    this.registry = registry;
    this.login = login;
    this.clusters = List.copyOf(clusters);
    this.daemon = daemon;
  }

  /** One cluster. */
  record Cluster(ResourceId id, List<Target> members) {
    Cluster {
      members = List.copyOf(members);
    }
  }

  /**
   * How its members are watched.
   *
   * @param clusters how many
   * @param tick between two looks, as the configuration says it
   * @param control where the daemon reaches them; their own address is 127.0.0.1
   */
  record Watch(int clusters, String tick, String control) {}

  /** Starts the daemon; {@link #create} makes the clusters. */
  static Fleet open(Watch watch, Arrival arrival) throws BenchProblem, IOException {
    ServerRegistry registry = ServerRegistry.open(StateFolder.ofUser(), Site.chosenBase());
    try {
      Path bin = PostgresBinaries.bundled(CacheFolder.ofUser());
      Path folder = registry.folder("cotidal-fleet");
      Login login = new Login("postgres", secret(folder.resolve("superuser")), "postgres");
      secret(folder.resolve("replication"));
      List<Cluster> clusters = new ArrayList<>();
      for (int i = 1; i <= watch.clusters(); i++) {
        List<Target> members = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
          members.add(new Target(name, "127.0.0.1", registry.port()));
        }
        Cluster cluster = new Cluster(new ResourceId("postgres", "c" + i), members);
        arrival.of(cluster);
        clusters.add(cluster);
      }
      Path file = folder.resolve("cotidal.yaml");
      Files.writeString(file, yaml(watch, registry.port(), folder, bin, clusters));
      return new Fleet(registry, login, clusters, new DaemonsHere("bench").start(file));
    } catch (DemoProblem e) {
      registry.close();
      throw new BenchProblem(String.valueOf(e.getMessage()), e);
    } catch (IOException | BenchProblem | RuntimeException e) {
      registry.close();
      throw e;
    }
  }

  /** What is done about a cluster whose ports are known, before anything listens there. */
  @FunctionalInterface
  interface Arrival {
    void of(Cluster cluster) throws BenchProblem, IOException;
  }

  private static String yaml(Watch watch, int listen, Path folder, Path bin, List<Cluster> clusters)
      throws IOException {
    String user = ServerUser.choose();
    StringBuilder text = new StringBuilder();
    text.append(
        "listen: 127.0.0.1:%d\nstore: \"sqlite:%s\"\npostgres:\n"
            .formatted(listen, folder.resolve("cotidal.db")));
    for (Cluster cluster : clusters) {
      String name = cluster.id().name();
      text.append("  %s:\n    mode: manage\n    quorum: 1\n".formatted(name));
      text.append("    defaults: {bin: \"%s\"".formatted(bin));
      text.append(user.isEmpty() ? "}\n" : ", user: " + user + "}\n").append("    members:\n");
      for (Target member : cluster.members()) {
        text.append(
            "      - {name: %s, port: %d, data: \"%s\", addresses: {control: %s}}\n"
                .formatted(
                    member.member(),
                    member.port(),
                    folder.resolve(name + "-" + member.member()),
                    watch.control()));
      }
      text.append(
          """
              superuser: {name: postgres, password: {secret: "file:%s"}}
              replication: {name: replicator, password: {secret: "file:%s"}}
              failover: {automatic: true, tick: %s}
              settings: {max_wal_size: "64MB", min_wal_size: "32MB", shared_buffers: "4MB"}
          """
              .formatted(folder.resolve("superuser"), folder.resolve("replication"), watch.tick()));
    }
    return text.toString();
  }

  private static Secret secret(Path file) throws IOException {
    byte[] bytes = new byte[24];
    new SecureRandom().nextBytes(bytes);
    Secret secret = new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, secret.reveal());
    return secret;
  }

  /** The clusters, in the order of their names' numbers. */
  List<Cluster> clusters() {
    return clusters;
  }

  /** The superuser's, of all. */
  Login login() {
    return login;
  }

  /** Starts a process that ends with the fleet at the latest. */
  Process start(ProcessBuilder builder) throws IOException {
    return registry.start(builder);
  }

  /** A cluster as the daemon shows it. */
  ResourceView view(Cluster cluster) {
    return daemon.control().resource(cluster.id()).orElseThrow();
  }

  /** The latest events of a cluster, newest first. */
  List<String> story(Cluster cluster) {
    return daemon.control().latest(cluster.id(), Long.MAX_VALUE, 40).stream()
        .map(logged -> logged.event().text())
        .toList();
  }

  /** The member that alone takes writes; empty if there is none, or more than one. */
  Optional<String> primary(Cluster cluster) {
    List<MemberView> writable =
        view(cluster).members().stream().filter(MemberView::writable).toList();
    return writable.size() == 1 ? Optional.of(writable.getFirst().id().name()) : Optional.empty();
  }

  /** Makes all clusters and waits until each is whole. */
  void create() throws BenchProblem, IOException {
    List<Cluster> begun = new ArrayList<>();
    for (Cluster cluster : clusters) {
      Until.holds(
          cluster.id() + " is led and empty",
          Duration.ofMinutes(1),
          LOOK,
          () -> view(cluster).leading() && code(cluster).equals("not-created"));
      begin(cluster);
      begun.add(cluster);
      Until.holds(
          "fewer than " + MADE_AT_ONCE + " clusters are being made",
          Duration.ofMinutes(3),
          LOOK,
          () -> begun.stream().filter(each -> !whole(each)).count() < MADE_AT_ONCE);
    }
    awaitWhole(Duration.ofMinutes(3));
  }

  /** Waits until nothing is wrong with any cluster and nothing is wanted. */
  void awaitWhole(Duration patience) throws BenchProblem, IOException {
    for (Cluster cluster : clusters) {
      Until.holds(cluster.id() + " is whole", patience, LOOK, () -> whole(cluster));
    }
  }

  private boolean whole(Cluster cluster) {
    return code(cluster).equals("healthy") && view(cluster).inSync();
  }

  private String code(Cluster cluster) {
    return view(cluster).diagnosis().code();
  }

  private void begin(Cluster cluster) throws BenchProblem {
    try {
      Reply reply =
          daemon
              .control()
              .command(cluster.id(), new Command.Begin(BENCH, "create", Details.NONE, null, false))
              .get(20, TimeUnit.SECONDS);
      if (!(reply instanceof Reply.Accepted)) {
        throw new BenchProblem("the daemon did not take the creation: " + reply);
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new BenchProblem("the daemon does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchProblem("interrupted", e);
    }
  }

  /** Operations that have begun since {@code numbers} were the highest, and moved a primary. */
  List<Operation> moves(Cluster cluster, long after) {
    return view(cluster).operations().stream()
        .filter(each -> each.number() > after && each.state() != OperationState.PROPOSED)
        .filter(each -> List.of("failover", "cold-start", "switchover").contains(each.type()))
        .toList();
  }

  /** The highest number of an operation so far. */
  long lastNumber(Cluster cluster) {
    return view(cluster).operations().stream().mapToLong(Operation::number).max().orElse(0);
  }

  @Override
  public void close() throws IOException {
    try {
      daemon.close();
    } finally {
      registry.close();
    }
  }
}
