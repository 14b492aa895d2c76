package io.cotidal.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ProcessTableTest {
  private final LocalProcesses processes = new LocalProcesses();
  @TempDir Path folder;

  @Property
  void nameMayHoldAnything(@ForAll String name, @ForAll @LongRange(min = 0) long start) {
    String fields = "S 1 2 3" + " 0".repeat(15) + " " + start + " 7 8";
    ProcessTable.Entry entry = ProcessTable.parse(42, "42 (" + name + ") " + fields).orElseThrow();
    assertThat(entry.id()).isEqualTo(new ProcessId(42, start));
    assertThat(entry.state()).isEqualTo('S');
    assertThat(entry.parent()).isEqualTo(1);
    assertThat(entry.session()).isEqualTo(3);
  }

  @Property
  void identityKeepsItsText(
      @ForAll @LongRange(min = 1) long pid, @ForAll @LongRange(min = 0) long start) {
    ProcessId id = new ProcessId(pid, start);
    assertThat(ProcessId.parse(id.toString())).isEqualTo(id);
  }

  @Test
  void otherTextIsNoProcess() {
    for (String text : List.of("", "@", "1", "1@", "@1", "a@1", "1@2@3")) {
      assertThatThrownBy(() -> ProcessId.parse(text)).hasMessageContaining("pid@start");
    }
  }

  @Test
  @DisplayName(
      "a process is known by its number and its start: a later one with the number is another")
  void identity() throws Exception {
    ProcessId sleeper =
        processes.launch(Program.of("", List.of("/bin/sleep", "60")), folder.resolve("log"));
    ProcessTable table = processes.table();
    assertThat(table.alive(sleeper)).isTrue();
    ProcessId recycled = new ProcessId(sleeper.pid(), sleeper.start() - 1);
    assertThat(table.alive(recycled)).isFalse();
    assertThat(Signal.KILL.send(recycled)).isFalse();
    assertThat(table.alive(sleeper)).isTrue();

    await()
        .until(() -> {
          Signal.STOP.send(sleeper);
          return table.find(sleeper.pid()).orElseThrow().state() == 'T';
        });
    Signal.CONTINUE.send(sleeper);
    await().until(() -> table.find(sleeper.pid()).orElseThrow().state() != 'T');
    assertThat(processes.killSession(sleeper, Deadline.in(Duration.ofSeconds(5)))).isTrue();
    assertThat(table.alive(sleeper)).isFalse();
    assertThat(Signal.KILL.send(sleeper)).isFalse();
  }

  @Test
  @DisplayName("a server's processes are found by program and working directory")
  void working() throws Exception {
    Program program = Program.of("", List.of("/bin/sleep", "60"));
    ProcessId sleeper =
        processes.launch(
            new Program(program.arguments(), program.environment(), null, folder, ""),
            folder.resolve("log"));
    await().until(() -> processes.table().working(folder, "sleep").equals(List.of(sleeper)));
    assertThat(processes.table().working(folder, "postgres")).isEmpty();
    assertThat(processes.table().working(folder.resolve("none"), "sleep")).isEmpty();
    processes.killSession(sleeper, Deadline.in(Duration.ofSeconds(5)));
  }

  @Test
  @DisplayName("a process that is ending works until its memory is free and its files are closed")
  void ending() throws Exception {
    Program program = Program.of("", List.of("/bin/dd", "if=/dev/zero", "of=/dev/null", "bs=300M"));
    ProcessId large =
        processes.launch(
            new Program(program.arguments(), program.environment(), null, folder, ""),
            folder.resolve("log"));
    ProcessTable table = processes.table();
    await().until(() -> resident(large) > 250L << 20);
    assertThat(table.works(large, folder, "dd")).isTrue();
    Signal.KILL.send(large);
    int looks = 0;
    while (table.folder(large).isPresent()) {
      boolean works = table.works(large, folder, "dd");
      assertThat(works || table.folder(large).isEmpty())
          .as("gone at look %d, and still in its folder", looks)
          .isTrue();
      looks++;
    }
    await().until(() -> !table.alive(large));
  }

  /** The bytes of memory that a process has, in pages of 4 KiB. */
  private static long resident(ProcessId process) throws IOException {
    String pages = Files.readString(Path.of("/proc/" + process.pid() + "/statm"));
    return Long.parseLong(pages.split(" ")[1]) * 4096;
  }

  @Test
  @DisplayName("a program gets its arguments as they are, and nothing of our environment")
  void program() throws Exception {
    LocalProcesses.Result result =
        processes.run(
            Program.of("", List.of("/usr/bin/env")),
            folder.resolve("out"),
            started -> {},
            Deadline.in(Duration.ofSeconds(5)));
    assertThat(result.output().lines().map(line -> line.split("=")[0]))
        .containsExactlyInAnyOrder("PATH", "LC_ALL");
    LocalProcesses.Result echo =
        processes.run(
            Program.of("", List.of("/bin/echo", "$(id) ; a  b")),
            folder.resolve("out"),
            started -> {},
            Deadline.in(Duration.ofSeconds(5)));
    assertThat(echo.lastLine()).isEqualTo("$(id) ; a  b");
  }

  @Test
  void unknownUser() {
    assertThatThrownBy(() -> processes.user("no-such-user-here"))
        .hasMessageContaining("no-such-user-here");
  }
}
