package io.cotidal.copies.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cotidal.copies.database.Place;
import io.cotidal.copies.servers.ServerRuntime.Standing;
import io.cotidal.lab.LoopVolume;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import io.cotidal.model.Details;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.OsUser;
import io.cotidal.remote.ProcessId;
import io.cotidal.remote.ProcessTable;
import io.cotidal.remote.Program;
import io.cotidal.remote.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
@DisplayName("servers as processes")
final class ProcessRuntimeIT {
  private static final Path POSTGRES = Path.of("/usr/lib/postgresql/15/bin");
  private static final int UID = 200_417;

  private final LocalProcesses processes = new LocalProcesses();
  private final ProcessTable table = processes.table();
  private ServerRegistry lab;
  private Path places;
  private ProcessRuntime runtime;
  private Place place;

  @BeforeEach
  void open() throws Exception {
    String impossible = LoopVolume.impossible();
    Assumptions.assumeTrue(
        impossible.isEmpty(), "SKIPPED, nothing proven: only root can give a server its account");
    lab = ServerRegistry.open(StateFolder.ofUser());
    places = lab.folder("places");
    runtime = new ProcessRuntime(processes, places, Signal.TERMINATE, Signal.QUIT);
    place = place("c17");
  }

  @AfterEach
  void close() throws Exception {
    if (lab != null) {
      new ProcessRuntime(processes, places, Signal.TERMINATE, Signal.QUIT)
          .stop(place, false, soon());
      lab.close();
    }
  }

  private Place place(String name) throws IOException {
    Path home = Files.createDirectories(places.resolve("shop").resolve(name));
    for (Path passed : List.of(places.resolve("shop"), home)) {
      Files.setPosixFilePermissions(passed, PosixFilePermissions.fromString("rwx--x--x"));
    }
    Path data = Files.createDirectory(home.resolve("data"));
    Path run = Files.createDirectory(home.resolve("run"));
    for (Path own : List.of(data, run)) {
      Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwx------"));
      new OsUser("", UID, UID).own(own);
    }
    return new Place("shop." + name, data, run, UID, "127.0.0.1", 0, 16);
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(30));
  }

  private void start(String... arguments) throws Exception {
    runtime.start(place, Program.of("", List.of(arguments)), Details.NONE, soon());
    for (ProcessTable.Entry member :
        ServerFamily.of(ServerRecord.read(place.run()).orElseThrow(), table.entries()).members()) {
      lab.record(member.id().pid());
    }
  }

  private List<ProcessId> ofAccount() throws IOException {
    return table.entries().stream()
        .map(ProcessTable.Entry::id)
        .filter(id -> {
          try {
            return table.owner(id).orElse(-1) == UID;
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        })
        .toList();
  }

  private String proc(String file) throws IOException {
    return Files.readString(Path.of("/proc", ofAccount().getFirst().pid() + "", file));
  }

  @Test
  @DisplayName(
      "a server runs as its account, in its own session, without rights or environment of ours")
  void life() throws Exception {
    assertThat(runtime.standing(place)).isEqualTo(Standing.GONE);
    start("/usr/bin/sleep", "300");
    assertThat(runtime.standing(place)).isEqualTo(Standing.RUNNING);
    await().until(() -> proc("comm").equals("sleep\n"));
    assertThat(ofAccount()).hasSize(1);
    assertThat(proc("status"))
        .containsPattern("NoNewPrivs:\\s+1\n")
        .containsPattern("CapEff:\\s+0+\n")
        .containsPattern("Groups:\\s*\n");
    assertThat(proc("environ").split("\0"))
        .allMatch(variable -> variable.startsWith("PATH=") || variable.equals("LC_ALL=C"));
    assertThat(table.find(ofAccount().getFirst().pid()).orElseThrow().session())
        .isEqualTo(ofAccount().getFirst().pid());
    assertThatThrownBy(() -> start("/usr/bin/sleep", "300"))
        .hasMessageContaining("shop.c17 has a server already");

    runtime.pause(place);
    assertThat(runtime.standings()).isEqualTo(Map.of("shop.c17", Standing.PAUSED));
    runtime.pause(place);
    runtime.resume(place);
    assertThat(runtime.standing(place)).isEqualTo(Standing.RUNNING);
    runtime.pause(place);
    runtime.stop(place, true, soon());
    assertThat(runtime.standing(place)).isEqualTo(Standing.GONE);
    assertThat(ofAccount()).isEmpty();
    runtime.stop(place, true, soon());
    assertThat(runtime.standings()).isEmpty();
    assertThatThrownBy(() -> runtime.pause(place)).hasMessageContaining("does not run");
    assertThatThrownBy(() -> runtime.resume(place)).hasMessageContaining("does not run");
  }

  @Test
  @DisplayName(
      "copies/B5: a daemon killed between the start and its note of it finds the server again")
  void killedBetween() throws Exception {
    ServerRecord.before(place, Path.of("/usr/bin/sleep"), Signal.TERMINATE).write(place.run());
    processes.launch(
        new Program(
            List.of("/usr/bin/sleep", "300"),
            new java.util.TreeMap<>(),
            null,
            place.data(),
            "" + UID),
        place.log());
    await().until(() -> !ofAccount().isEmpty());
    ProcessRuntime next =
        new ProcessRuntime(new LocalProcesses(), places, Signal.TERMINATE, Signal.QUIT);
    assertThat(next.standings()).isEqualTo(Map.of("shop.c17", Standing.RUNNING));
    assertThatThrownBy(() -> start("/usr/bin/sleep", "300")).hasMessageContaining("already");
    next.stop(place, false, soon());
    assertThat(ofAccount()).isEmpty();
  }

  @Test
  @DisplayName(
      "copies/B6: the next daemon adopts exactly what was started; a reused number is a stranger")
  void adoption() throws Exception {
    ProcessId stranger =
        processes.launch(
            Program.of("", List.of("/usr/bin/sleep", "300")), lab.folder("log").resolve("log"));
    lab.record(stranger.pid());
    start("/usr/bin/sleep", "300");
    await().until(() -> proc("comm").equals("sleep\n"));
    Place other = place("c18");
    ServerRecord.before(other, Path.of("/usr/bin/sleep"), Signal.TERMINATE).write(other.run());
    ServerRecord.complete(other.run(), new ProcessId(stranger.pid(), stranger.start() - 1));
    ProcessRuntime next =
        new ProcessRuntime(new LocalProcesses(), places, Signal.TERMINATE, Signal.QUIT);
    assertThat(next.standings())
        .isEqualTo(Map.of("shop.c17", Standing.RUNNING, "shop.c18", Standing.GONE));
    next.stop(other, false, soon());
    assertThat(table.alive(stranger)).isTrue();
    next.stop(place, true, soon());
    assertThat(ofAccount()).isEmpty();
  }

  @Test
  @DisplayName("a record that the server's account forged is refused: nobody else is killed by it")
  void forged() throws Exception {
    ProcessId victim =
        processes.launch(
            Program.of("", List.of("/usr/bin/sleep", "300")), lab.folder("log").resolve("log"));
    lab.record(victim.pid());
    ServerRecord.before(place, Path.of("/usr/bin/sleep"), Signal.TERMINATE).write(place.run());
    ServerRecord.complete(place.run(), victim);
    new OsUser("", UID, UID).own(ServerRecord.file(place.run()));
    assertThatThrownBy(() -> runtime.standing(place))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("was written by the account " + UID);
    assertThatThrownBy(() -> runtime.stop(place, false, soon())).isInstanceOf(IOException.class);
    assertThat(table.alive(victim)).isTrue();
    assertThat(runtime.standings()).isEmpty();
    Files.delete(ServerRecord.file(place.run()));
  }

  @Test
  @DisplayName("a server that prints without end fills neither the disk nor a message")
  void chatty() throws Exception {
    start("/usr/bin/yes", "2026-01-01 [ERROR] " + "x".repeat(2000));
    await().until(() -> Files.size(place.log()) > ServerLog.LIMIT);
    assertThat(runtime.standing(place)).isEqualTo(Standing.RUNNING);
    assertThat(place.run().resolve("server.log.1")).hasSize(64 * 1024);
    runtime.pause(place);
    runtime.standing(place);
    assertThat(Files.size(place.log())).isLessThanOrEqualTo(ServerLog.LIMIT);
    runtime.resume(place);
    await().until(() -> Files.size(place.log()) > 0);
    assertThat(RunFiles.tail(place.log())).doesNotContain("\0");
    assertThat(runtime.lastWords(place)).contains("[ERROR] xxx").hasSizeLessThan(310);
  }

  @Test
  @DisplayName("a log that became a link is neither read nor written through")
  void linkedLog() throws Exception {
    Path secret = Files.writeString(places.resolve("secret"), "FATAL: secret\n");
    Files.createSymbolicLink(place.log(), secret);
    assertThat(runtime.lastWords(place)).isEmpty();
    start("/usr/bin/echo", "FATAL:  could not begin");
    await().until(() -> runtime.standing(place) == Standing.GONE);
    assertThat(runtime.lastWords(place)).isEqualTo("FATAL:  could not begin");
    assertThat(secret).hasContent("FATAL: secret\n");
    assertThat(Files.isSymbolicLink(place.log())).isFalse();
    assertThat(Files.getAttribute(place.log(), "unix:uid", LinkOption.NOFOLLOW_LINKS))
        .isEqualTo(UID);
    assertThatThrownBy(() -> start("/usr/bin/no-such-server"))
        .hasMessageContaining("no such program");
  }

  @Test
  @DisplayName(
      "copies/B8: PostgreSQL, whose processes each have a session, is paused, stopped and killed whole")
  void postgres() throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(POSTGRES.resolve("postgres")),
        "SKIPPED: PostgreSQL 15 is not installed");
    // initdb wants an account with a name; the server does not.
    own(place.data(), processes.user("nobody").orElseThrow());
    LocalProcesses.Result made =
        processes.run(
            Program.of(
                "nobody",
                List.of(
                    POSTGRES.resolve("initdb").toString(),
                    "-N",
                    "-A",
                    "trust",
                    "-U",
                    "cotidal",
                    "-D",
                    place.data().toString())),
            lab.folder("output").resolve("initdb"),
            started -> {},
            soon());
    assertThat(made.exit()).as(made.output()).isZero();
    own(place.data(), new OsUser("", UID, UID));
    long before = sharedMemory();
    startPostgres();
    await().until(() -> ofAccount().size() >= 5);
    runtime.pause(place);
    for (ProcessId process : ofAccount()) {
      assertThat(table.find(process.pid()).orElseThrow().state()).isEqualTo('T');
    }
    runtime.resume(place);
    runtime.stop(place, true, soon());
    awaitNone();
    assertThat(RunFiles.tail(place.log())).contains("database system is shut down");

    assertThat(sharedMemory()).as("after an orderly end").isEqualTo(before);

    startPostgres();
    await().until(() -> ofAccount().size() >= 5);
    assertThat(sharedMemory()).isGreaterThan(before);
    runtime.pause(place);
    runtime.stop(place, false, soon());
    awaitNone();
    assertThat(sharedMemory()).as("a host has 4096 pieces").isEqualTo(before);

    startPostgres();
    await().until(() -> ofAccount().size() >= 5);
    // Frozen children outlive their postmaster: the folder is still theirs.
    runtime.pause(place);
    Signal.KILL.send(ServerRecord.read(place.run()).orElseThrow().leader().orElseThrow());
    await().until(() -> ofAccount().size() >= 4);
    assertThat(runtime.standing(place)).isNotEqualTo(Standing.GONE);
    runtime.stop(place, false, soon());
    awaitNone();
    assertThat(runtime.standing(place)).isEqualTo(Standing.GONE);
  }

  /**
   * One that ends has let go of its folder, its memory and its ports a moment before it is gone.
   */
  private void awaitNone() {
    await().atMost(Duration.ofSeconds(10)).until(this::ofAccount, List::isEmpty);
  }

  /** How many pieces of System V shared memory the account owns. */
  private static long sharedMemory() throws IOException {
    return Files.readAllLines(Path.of("/proc/sysvipc/shm")).stream()
        .skip(1)
        .filter(line -> line.strip().split("\\s+")[7].equals(String.valueOf(UID)))
        .count();
  }

  private static void own(Path tree, OsUser user) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.toList()) {
        user.own(file);
      }
    }
  }

  private void startPostgres() throws Exception {
    Files.writeString(
        place.data().resolve("postgresql.auto.conf"),
        "listen_addresses = ''\nunix_socket_directories = '" + place.run() + "'\n",
        StandardOpenOption.TRUNCATE_EXISTING);
    start(POSTGRES.resolve("postgres").toString(), "-D", place.data().toString());
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> RunFiles.tail(place.log()).contains("ready to accept"));
  }
}
