package io.cotidal.postgres.reach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cotidal.model.Details;
import io.cotidal.model.Outcome;
import io.cotidal.model.Stamp;
import io.cotidal.postgres.archive.ArchiveScript;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Gate;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.ProcessId;
import io.cotidal.remote.ProcessTable;
import io.cotidal.remote.Signal;
import io.cotidal.remote.ssh.Dialogue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The gate's program keeps the same promises as the gate of this machine, and with it. */
@Timeout(60)
class GateProgramTest {
  private static final Outcome DONE = new Outcome.Done(Details.NONE);
  private GateRig rig;
  private Gate local;

  @BeforeEach
  void begin() {
    rig = new GateRig();
    local = new Gate(rig.places.data(), new LocalProcesses());
  }

  @AfterEach
  void end() {
    rig.close();
  }

  private String entered(Stamp stamp) throws Exception {
    try (Dialogue dialogue = new Dialogue(rig.enter(stamp, 5_000), "rig")) {
      return String.join(" ", dialogue.greeting(GateRig.soon()));
    }
  }

  @Test
  @DisplayName("postgres/S9: an older stamp is refused, here and there; a newer one is remembered")
  void stamps() throws Exception {
    assertThat(entered(new Stamp(3, 7))).isEqualTo("entered 0.0.0");
    assertThat(local.remembered()).isEqualTo(new Stamp(3, 7));
    assertThat(entered(new Stamp(3, 6, 99))).isEqualTo("refused 3.7.0");
    assertThat(entered(new Stamp(2, 99))).isEqualTo("refused 3.7.0");
    assertThat(entered(new Stamp(3, 7))).isEqualTo("entered 3.7.0");
    assertThat(local.under(new Stamp(3, 6), GateRig.soon(), passage -> DONE))
        .isEqualTo(new Outcome.Refused(new Stamp(3, 7)));
    assertThat(local.under(new Stamp(10, 1), GateRig.soon(), passage -> DONE)).isEqualTo(DONE);
    assertThat(entered(new Stamp(9, 10))).isEqualTo("refused 10.1.0");
    assertThat(entered(new Stamp(10, 1, 1))).isEqualTo("entered 10.1.0");
  }

  @Test
  @DisplayName("a stamp that cannot be read lets nobody in")
  void unreadable() throws Exception {
    assertThat(entered(new Stamp(1, 1))).startsWith("entered");
    Files.writeString(rig.places.gate().resolve("stamp"), "garbage");
    assertThatThrownBy(() -> entered(new Stamp(9, 9))).hasMessageContaining("has ended");
  }

  @Test
  @DisplayName("both kinds of gates keep each other out")
  void exclusive() throws Exception {
    Outcome outcome =
        local.under(
            new Stamp(1, 1),
            GateRig.soon(),
            passage -> {
              try (Dialogue dialogue = new Dialogue(rig.enter(new Stamp(1, 2), 300), "rig")) {
                assertThat(dialogue.greeting(GateRig.soon())).containsExactly("busy");
              }
              assertThat(passage.superseded()).isTrue();
              return DONE;
            });
    assertThat(outcome).isEqualTo(DONE);
    try (Dialogue dialogue = new Dialogue(rig.enter(new Stamp(1, 3), 5_000), "rig")) {
      assertThat(dialogue.greeting(GateRig.soon()).getFirst()).isEqualTo("entered");
      assertThatThrownBy(() ->
              local.under(new Stamp(1, 4), Deadline.in(Duration.ofMillis(200)), passage -> DONE))
          .isInstanceOf(Gate.Busy.class);
      assertThat(rig.inside(dialogue, new Stamp(1, 3)).superseded()).isTrue();
    }
    assertThat(local.under(new Stamp(1, 4), GateRig.soon(), passage -> DONE)).isEqualTo(DONE);
  }

  @Test
  @DisplayName("a stay that nobody speaks to any more is ended by who comes with a newer stamp")
  void evicted() throws Exception {
    try (ProcessWire forsaken = rig.enter(new Stamp(1, 1), 5_000)) {
      assertThat(forsaken.hear(GateRig.soon())).isEqualTo("0 entered 0.0.0");
      try (Dialogue same = new Dialogue(rig.enter(new Stamp(1, 1), 400), "rig")) {
        assertThat(same.greeting(GateRig.soon())).containsExactly("busy");
      }
      assertThat(forsaken.open()).isTrue();
      try (Dialogue newer = new Dialogue(rig.enter(new Stamp(2, 1), 2_000), "rig")) {
        assertThat(newer.greeting(GateRig.soon())).containsExactly("entered", "1.1.0");
      }
      await().atMost(Duration.ofSeconds(10)).until(() -> !forsaken.open());
    }
  }

  @Test
  @DisplayName("the archive script comes with its checksum, and is asked in plain words alone")
  void archiveScript() throws Exception {
    String text = "#!/bin/sh\nprintf '[%s]' \"$@\"\n";
    try (Dialogue dialogue = new Dialogue(rig.enter(new Stamp(1, 1), 5_000), "rig")) {
      dialogue.greeting(GateRig.soon());
      SshInside inside = rig.inside(dialogue, new Stamp(1, 1));
      Tool.Archive list = new Tool.Archive(List.of("list", "256"));
      assertThatThrownBy(() -> inside.run(list, GateRig.soon()))
          .hasMessageContaining("no archive script");
      assertThatThrownBy(() -> inside.script(text, "0".repeat(64)))
          .hasMessageContaining("did not come whole");
      assertThatThrownBy(() -> inside.script(text, "../x")).hasMessageContaining("no checksum");
      assertThat(rig.places.gate().resolve("archive")).doesNotExist();
      inside.script(text, ArchiveScript.checksum(text));
      assertThat(inside.read(rig.places.gate().resolve("archive"))).contains(text);
      assertThat(inside.run(list, GateRig.soon()).output()).isEqualTo("[list][256]");
      assertThatThrownBy(() -> inside.write(rig.places.gate().resolve("archive"), "x"))
          .hasMessageContaining("may be written");
      assertThatThrownBy(() -> inside.delete(rig.places.gate().resolve("archive")))
          .hasMessageContaining("may be removed");
    }
    assertThatThrownBy(() -> new Tool.Archive(List.of("list", "1;id")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("a program that a killed stay left behind is waited for, and then killed")
  void leftOver() throws Exception {
    rig.program("pg_rewind", "#!/bin/sh\nexec sleep 50\n");
    Path running = rig.places.gate().resolve("running");
    ProcessId program;
    try (ProcessWire stay = rig.enter(new Stamp(1, 1), 5_000)) {
      stay.hear(GateRig.soon());
      stay.say("1 run rewind 40000 =host");
      await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(running));
      program = ProcessId.parse(Files.readString(running).strip());
      Signal.KILL.send(new ProcessTable().find(stay.pid()).orElseThrow().id());
    }
    assertThat(new ProcessTable().session(program)).isNotEmpty();
    assertThat(entered(new Stamp(1, 2))).startsWith("entered");
    assertThat(new ProcessTable().session(program)).isEmpty();
    assertThat(running).doesNotExist();
  }

  @Test
  @DisplayName("a long copy makes way for who comes with a newer stamp")
  void makesWay() throws Exception {
    rig.program("pg_basebackup", "#!/bin/sh\nexec sleep 50\n");
    Path running = rig.places.gate().resolve("running");
    try (Dialogue stay = new Dialogue(rig.enter(new Stamp(1, 1), 20_000), "rig")) {
      stay.greeting(GateRig.soon());
      long asked = stay.ask("run", "backup", "40000", "=host");
      await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(running));
      ProcessId program = ProcessId.parse(Files.readString(running).strip());
      assertThat(entered(new Stamp(1, 2))).startsWith("entered");
      assertThat(new ProcessTable().session(program)).isEmpty();
      assertThatThrownBy(() -> stay.answer(asked, GateRig.soon()))
          .isInstanceOf(Dialogue.Denied.class)
          .hasMessageContaining("made way");
    }
  }

  @Test
  @DisplayName("a program ends at its deadline; what it printed comes back")
  void programs() throws Exception {
    rig.program("pg_rewind", "#!/bin/sh\necho \"$@\"\nexit 3\n");
    Stamp stamp = new Stamp(1, 1);
    try (Dialogue dialogue = new Dialogue(rig.enter(stamp, 20_000), "rig")) {
      dialogue.greeting(GateRig.soon());
      SshInside inside = rig.inside(dialogue, stamp);
      LocalProcesses.Result result =
          inside.run(new Tool.Rewind("host=a password='$(id) \"x\"'"), GateRig.soon());
      assertThat(result.exit()).isEqualTo(3);
      assertThat(result.output())
          .isEqualTo(
              "--no-sync --target-pgdata="
                  + rig.places.data()
                  + " --source-server=host=a password='$(id) \"x\"'\n");
      rig.program("pg_rewind", "#!/bin/sh\nexec sleep 50\n");
      assertThatThrownBy(
              () -> inside.run(new Tool.Rewind("x"), Deadline.in(Duration.ofMillis(300))))
          .hasMessageContaining("did not end in time");
    }
  }

  @Test
  @DisplayName("data is emptied only while it is marked, and no server is started but demoted")
  void careful() throws Exception {
    Files.writeString(rig.places.data().resolve("precious"), "x");
    Stamp stamp = new Stamp(1, 1);
    try (Dialogue dialogue = new Dialogue(rig.enter(stamp, 20_000), "rig")) {
      dialogue.greeting(GateRig.soon());
      SshInside inside = rig.inside(dialogue, stamp);
      assertThat(inside.holdsData()).isTrue();
      assertThat(inside.sight().data()).isEqualTo(Sight.INCOMPLETE);
      assertThatThrownBy(inside::emptyData).hasMessageContaining("not marked");
      assertThatThrownBy(inside::start).hasMessageContaining("demoted");
      inside.note(rig.places.incomplete(), "clone");
      inside.emptyData();
      assertThat(inside.holdsData()).isFalse();
      inside.delete(rig.places.incomplete());
      assertThat(inside.sight().data()).isEqualTo(Sight.ABSENT);
      assertThatThrownBy(() -> inside.read(rig.base.resolve("secret")))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  @DisplayName("postgres/S14: room is told of the log too where it lies elsewhere, here and there")
  void roomOfTheLog() throws Exception {
    Path memory = Files.createTempDirectory(Path.of("/dev/shm"), "cotidal-gate");
    try (Dialogue watch =
        new Dialogue(rig.wire("cotidal-gate 1 " + GateRig.MEMBER + " watch"), "rig")) {
      assertThat(Files.getAttribute(memory, "unix:dev"))
          .as("another file system than /tmp")
          .isNotEqualTo(Files.getAttribute(rig.base, "unix:dev"));
      Path log = rig.places.data().resolve("pg_wal");
      Files.createSymbolicLink(log, memory);
      watch.greeting(GateRig.soon());
      Room far =
          SshSight.read(watch.call(GateRig.soon(), "sight", "brief", "room"), rig.places)
              .room()
              .orElseThrow();
      Room near = new LocalRoom(rig.places).measured().orElseThrow();
      for (Room room : List.of(far, near)) {
        assertThat(room.areas())
            .extracting(Room.Area::path)
            .containsExactly(rig.places.data(), log);
        assertThat(room.areas())
            .extracting(Room.Area::total)
            .containsExactly(rig.base.toFile().getTotalSpace(), memory.toFile().getTotalSpace());
      }
      Files.delete(log);
      Files.createDirectory(log);
      assertThat(new LocalRoom(rig.places).measured().orElseThrow().areas()).hasSize(1);
    } finally {
      Files.delete(memory);
    }
  }

  @Test
  @DisplayName("looks need no gate, and change nothing")
  void watch() throws Exception {
    try (Dialogue watch =
        new Dialogue(rig.wire("cotidal-gate 1 " + GateRig.MEMBER + " watch"), "rig")) {
      assertThat(watch.greeting(GateRig.soon())).containsExactly("watching");
      Sight sight = SshSight.read(watch.call(GateRig.soon(), "sight"), rig.places);
      assertThat(sight)
          .isEqualTo(
              new Sight(false, Stamp.NONE, Sight.ABSENT, false, false, "", Optional.empty()));
      for (String how : List.of("brief", "whole")) {
        Room room =
            SshSight.read(watch.call(GateRig.soon(), "sight", how, "room"), rig.places)
                .room()
                .orElseThrow();
        assertThat(room.areas()).hasSize(1);
        assertThat(room.areas().getFirst().path()).isEqualTo(rig.places.data());
        assertThat(room.areas().getFirst().total()).isEqualTo(rig.base.toFile().getTotalSpace());
        assertThat(room.areas().getFirst().free())
            .isCloseTo(rig.base.toFile().getUsableSpace(), Offset.offset(8L << 30));
      }
      assertThatThrownBy(() -> watch.call(GateRig.soon(), "make"))
          .isInstanceOf(Dialogue.Denied.class);
      assertThatThrownBy(() -> watch.call(GateRig.soon(), "kill"))
          .isInstanceOf(Dialogue.Denied.class);
      assertThat(rig.places.gate()).doesNotExist();
    }
  }
}
