package io.cotidal.bench;

import io.cotidal.app.DaemonsHere;
import io.cotidal.app.demo.Daemons;
import io.cotidal.app.demo.DemoProblem;
import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.engine.ResourceView;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.MemberView;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.ResourceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * A daemon in this process with one directory, which leads it and waits: a file names its servers,
 * and names nobody yet. So what a measurement of it begins with is that the file names some.
 */
final class DirectoryHouse implements AutoCloseable {
  /** How often the daemon looks at each server. */
  static final Duration TICK = Duration.ofSeconds(1);

  private static final ResourceId ID = new ResourceId("directory", "people");
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration LOOK = Duration.ofMillis(5);

  /** By then the source has been read, and its file is being watched. */
  private static final Duration QUIET = Duration.ofMillis(1_500);

  private final Daemons.Running daemon;
  private final Path file;

  private DirectoryHouse(Daemons.Running daemon, Path file) {
    this.daemon = daemon;
    this.file = file;
  }

  /** Starts one that could manage these servers. */
  static DirectoryHouse open(DirectorySet set) throws BenchProblem, IOException {
    Path folder = set.lab().folder("bench");
    // Alone there: what happens to any file of its folder makes the source read it again.
    Path file = set.lab().folder("source").resolve("servers.json");
    Files.writeString(file, "[]");
    secret(folder.resolve("manager.pw"), set.first().server().settings().password());
    secret(folder.resolve("replication.pw"), "hush-hush-replication");
    Path configuration =
        Files.writeString(
            folder.resolve("cotidal.yaml"),
            """
            listen: 127.0.0.1:0
            store: sqlite:%1$s/cotidal.db
            directory:
              people:
                mode: manage
                suffix: "%2$s"
                topology: fullmesh
                tick: %3$ds
                source: {file: {path: "%4$s", believe-empty: true}}
                access: {security: plain, password: {secret: "file:%1$s/manager.pw"}}
                replication:
                  password: {secret: "file:%1$s/replication.pw"}
                  backoff: 1s
                  longest-backoff: 3s
            """
                .formatted(folder, DirectorySet.SUFFIX, TICK.toSeconds(), file));
    Daemons.Running daemon;
    try {
      daemon = new DaemonsHere("bench").start(configuration);
    } catch (DemoProblem e) {
      throw new BenchProblem(e.sentence(), e);
    }
    DirectoryHouse house = new DirectoryHouse(daemon, file);
    try {
      house.await("the daemon leads", view -> view.leading());
      Until.pass(QUIET);
      return house;
    } catch (BenchProblem | IOException | RuntimeException e) {
      house.close();
      throw e;
    }
  }

  private static void secret(Path file, String secret) throws IOException {
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, secret + "\n");
  }

  /** From now on the source names these servers, and nobody else. */
  void name(List<DirectoryNode> nodes) throws IOException {
    String text =
        nodes.stream()
            .map(node ->
                "{\"name\":\"%s\",\"host\":\"127.0.0.1\",\"port\":%d}"
                    .formatted(node.name(), node.server().port()))
            .collect(Collectors.joining(",", "[", "]"));
    Path whole = Files.writeString(file.resolveSibling("next"), text);
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Something that the resource is seen to be. */
  @FunctionalInterface
  private interface Sight {
    boolean of(ResourceView view);
  }

  private void await(String what, Sight sight) throws BenchProblem, IOException {
    try {
      Until.holds(
          what, PATIENCE, LOOK, () -> daemon.control().resource(ID).map(sight::of).orElse(false));
    } catch (BenchProblem e) {
      throw new BenchProblem(e.getMessage() + "; " + story(), e);
    }
  }

  private String story() {
    Optional<ResourceView> view = daemon.control().resource(ID);
    if (view.isEmpty()) {
      return "the daemon has no such resource";
    }
    String operations =
        view.get().operations().stream()
            .map(each -> each.number() + " " + each.type() + " " + each.state() + " " + each.note())
            .collect(Collectors.joining("; "));
    return view.get().diagnosis().sentence() + "; operations: " + operations;
  }

  /** Waits until those servers are the members, all is well, and nothing is left to be done. */
  void awaitSettled(List<DirectoryNode> nodes) throws BenchProblem, IOException {
    List<String> names = nodes.stream().map(DirectoryNode::name).toList();
    await(
        "the directory is settled",
        view ->
            names(view.members()).equals(names)
                && view.inSync()
                && view.diagnosis().code().equals("healthy")
                && view.operations().stream().allMatch(each -> each.state().ended()));
  }

  private static List<String> names(List<MemberView> members) {
    return members.stream().map(member -> member.id().name()).sorted().toList();
  }

  /** Waits until the daemon has noticed that the source names that server no more. */
  void awaitDeparted(DirectoryNode node) throws BenchProblem, IOException {
    MemberId member = new MemberId(node.name());
    await(
        node.name() + " is known to be gone",
        view -> view.membership().departed().contains(member));
  }

  /**
   * Has convergence proven.
   *
   * @return how often it had to be asked for
   */
  int prove() throws BenchProblem, IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    for (int asked = 1; ; asked++) {
      Operation ended = ended(ask("prove", Details.NONE));
      if (ended.state() == OperationState.DONE) {
        return asked;
      }
      if (System.nanoTime() > end) {
        throw new BenchProblem("convergence is not proven: " + ended.note());
      }
    }
  }

  /** Asks for an operation, which has begun when this returns. */
  Operation ask(String type, Details input) throws BenchProblem {
    Command begin = new Command.Begin(new Actor("bench"), type, input, null, false);
    try {
      Reply reply = daemon.control().command(ID, begin).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (reply instanceof Reply.Accepted accepted) {
        return accepted.operation();
      }
      throw new BenchProblem(type + " is not taken: " + reply);
    } catch (ExecutionException | TimeoutException e) {
      throw new BenchProblem(type + " is not answered: " + e, e);
    } catch (InterruptedException e) {
      throw new BenchProblem("ended before it was done, as asked", e);
    }
  }

  /** Waits until it has ended, well or badly. */
  Operation ended(Operation operation) throws BenchProblem, IOException {
    await(
        operation.type() + " ends",
        view -> find(view, operation).map(found -> found.state().ended()).orElse(false));
    return daemon
        .control()
        .resource(ID)
        .flatMap(view -> find(view, operation))
        .orElseThrow(() -> new BenchProblem("operation " + operation.number() + " is gone"));
  }

  private static Optional<Operation> find(ResourceView view, Operation operation) {
    return view.operations().stream()
        .filter(each -> each.number() == operation.number())
        .findFirst();
  }

  /** When the first operation of that type began, in wall time; 0 if there was none. */
  long beganMicros(String type) {
    return of(type, true);
  }

  /** When the last one ended. */
  long endedMicros(String type) {
    return of(type, false);
  }

  private long of(String type, boolean began) {
    List<Operation> all =
        daemon.control().resource(ID).map(ResourceView::operations).orElse(List.of()).stream()
            .filter(each -> each.type().equals(type))
            .toList();
    return began
        ? all.stream().mapToLong(Operation::startedMicros).min().orElse(0)
        : all.stream().mapToLong(Operation::endedMicros).max().orElse(0);
  }

  @Override
  public void close() {
    daemon.close();
  }
}
