package io.cotidal.postgres.reach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.model.Stamp;
import io.cotidal.remote.Conduit;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.Relay;
import io.cotidal.remote.ssh.Dialogue;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The words that rsync is given, here and by the gate's program, and two gates with it between. */
@Timeout(60)
class RsyncTest {
  private static final Stamp STAMP = new Stamp(1, 1);
  private static final String FIRST = "0000000200000000000000FE";
  private static final String LAST = "000000020000000100000000";
  private static final Places PLACES = new Places(Path.of("/srv/b"), Path.of("/bin"));

  private static List<String> matches(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(match -> match.group(1)).toList();
  }

  @Test
  @DisplayName("both ends of rsync are given the same words here and there")
  void sameWords() throws Exception {
    String gate = GateProgram.text();
    List<String> takes = Rsync.takes(PLACES, new Portion.Data(), "/bin/sh x relay y");
    assertThat(matches("--exclude=([^'\\s]+)", gate))
        .isEqualTo(
            takes.stream()
                .filter(word -> word.startsWith("--exclude="))
                .map(word -> word.substring("--exclude=".length()))
                .toList());
    assertThat(matches("(?m)^taken='(.*)'$", gate))
        .containsExactly(
            takes.stream()
                .skip(1)
                .takeWhile(word -> !word.equals("--delete-before"))
                .collect(Collectors.joining(" ")));
    List<String> sends = Rsync.sends(Path.of("/srv/a"), new Portion.Data());
    assertThat(matches("(?m)^sent='(.*)'$", gate))
        .containsExactly(String.join(" ", sends.subList(1, sends.size() - 1)));
  }

  @Test
  @DisplayName("the words of each run, and nothing but segments as the log")
  void words() throws Exception {
    assertThat(Rsync.sends(Path.of("/srv/a"), new Portion.Data()))
        .containsExactly(
            "rsync",
            "--server",
            "--sender",
            "-prIe.Lsfx",
            "--timeout=300",
            "--inplace",
            ".",
            "/srv/a/");
    assertThat(Rsync.sends(Path.of("/srv/a"), new Portion.Control()))
        .endsWith(".", "/srv/a/global/pg_control");
    assertThat(Rsync.takes(PLACES, new Portion.Data(), "/bin/sh x relay y"))
        .startsWith("rsync", "--recursive", "--perms", "--ignore-times", "--inplace")
        .contains("--delete-before", "--delete-excluded", "--exclude=/postmaster.pid")
        .endsWith("--rsh=/bin/sh x relay y", "source:data/", "/srv/b/");
    assertThat(Rsync.takes(PLACES, new Portion.Control(), "x"))
        .doesNotContain("--delete-before")
        .endsWith("source:data/", "/srv/b/global/");
    assertThat(Rsync.takes(PLACES, new Portion.Log(FIRST, LAST), "x")).endsWith("/srv/b/pg_wal/");
    for (String name :
        List.of("", "../x", FIRST + "0", FIRST.toLowerCase(Locale.ROOT), "--rsh=sh")) {
      assertThatThrownBy(() -> new Portion.Log(FIRST, name))
          .as(name)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> Rsync.sends(Path.of("/srv/a"), new Portion.Log(FIRST, LAST)))
        .hasMessageContaining("is not there");
  }

  private static void data(Path data, Random random) throws Exception {
    for (String folder : List.of("base/5", "global", "pg_wal", "pg_replslot/b", "pg_notify")) {
      Files.createDirectories(data.resolve(folder));
    }
    byte[] pages = new byte[4 << 20];
    random.nextBytes(pages);
    Files.write(data.resolve("base/5/16384"), pages);
    Files.writeString(data.resolve("PG_VERSION"), "18\n");
    Files.writeString(data.resolve("postmaster.pid"), "1\n");
    Files.writeString(data.resolve("base/5/pgsql_tmp1.0"), "x");
    Files.writeString(data.resolve("pg_replslot/b/state"), "x");
    Files.writeString(data.resolve("global/pg_control"), "control");
    for (String segment :
        List.of(
            "0000000200000000000000FD",
            FIRST,
            "0000000200000000000000FF",
            LAST,
            "000000020000000100000001",
            "00000002.history",
            "x.history",
            FIRST + ".partial")) {
      Files.writeString(data.resolve("pg_wal").resolve(segment), segment);
    }
  }

  private static long fill(GateRig source, SshInside inside, Portion portion) throws Exception {
    inside.makePipes();
    Conduit from = source.conduit("send " + portion.words());
    Conduit to = inside.meet(GateRig.soon());
    try (Relay relay = new Relay(from, to, _ -> {})) {
      LocalProcesses.Result result = inside.run(new Tool.Rsync(portion), GateRig.soon());
      assertThat(result.exit()).as(result.output() + relay.complaint()).isZero();
      return relay.bytes();
    }
  }

  @Test
  @DisplayName("one gate fills the other; what is there already is not sent again")
  void fills() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/rsync")) || System.getenv("CI") != null,
        "skipped: rsync is not installed; apt-get install rsync");
    try (GateRig source = new GateRig();
        GateRig target = new GateRig();
        Dialogue stay = new Dialogue(target.enter(STAMP, 20_000), "rig")) {
      data(source.places.data(), new Random(1));
      stay.greeting(GateRig.soon());
      SshInside inside = target.inside(stay, STAMP);
      inside.makePipes();
      assertThatThrownBy(() -> inside.run(new Tool.Rsync(new Portion.Data()), GateRig.soon()))
          .hasMessageContaining("not marked");
      inside.note(target.places.incomplete(), "clone");
      assertThat(fill(source, inside, new Portion.Data())).isGreaterThan(4 << 20);
      Path data = target.places.data();
      assertThat(data.resolve("base/5/16384"))
          .hasSameBinaryContentAs(source.places.data().resolve("base/5/16384"));
      assertThat(data.resolve("global")).isEmptyDirectory();
      assertThat(data.resolve("pg_wal")).isEmptyDirectory();
      assertThat(data.resolve("pg_replslot")).isEmptyDirectory();
      assertThat(data.resolve("pg_notify")).isEmptyDirectory();
      assertThat(data.resolve("postmaster.pid")).doesNotExist();
      assertThat(data.resolve("base/5/pgsql_tmp1.0")).doesNotExist();

      // One page differs, of one size and one time; and there is what must go.
      byte[] pages = Files.readAllBytes(source.places.data().resolve("base/5/16384"));
      Arrays.fill(pages, 8192, 16384, (byte) 7);
      Files.write(source.places.data().resolve("base/5/16384"), pages);
      Files.setLastModifiedTime(
          source.places.data().resolve("base/5/16384"),
          Files.getLastModifiedTime(data.resolve("base/5/16384")));
      Files.writeString(data.resolve("pg_wal/000000010000000000000001"), "another history");
      Files.writeString(data.resolve("base/5/99999"), "gone");
      assertThat(fill(source, inside, new Portion.Data())).isLessThan(256 << 10);
      assertThat(data.resolve("base/5/16384")).hasBinaryContent(pages);
      assertThat(data.resolve("pg_wal")).isEmptyDirectory();
      assertThat(data.resolve("base/5/99999")).doesNotExist();

      fill(source, inside, new Portion.Control());
      assertThat(data.resolve("global/pg_control")).hasContent("control");
      fill(source, inside, new Portion.Log(FIRST, LAST));
      try (var files = Files.list(data.resolve("pg_wal"))) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .containsExactlyInAnyOrder(FIRST, "0000000200000000000000FF", LAST, "00000002.history");
      }
      // Whatever is asked next is asked after what the last run leaves behind is gone.
      assertThat(inside.exists(target.places.incomplete())).isTrue();
      assertThat(target.places.gate().resolve("rsync-in")).doesNotExist();
      assertThat(target.places.gate().resolve("running")).doesNotExist();
    }
  }

  @Test
  @DisplayName("a source that ends early is named; who waits at the pipes is let go")
  void endsEarly() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/rsync")) || System.getenv("CI") != null,
        "skipped: rsync is not installed; apt-get install rsync");
    try (GateRig source = new GateRig();
        GateRig target = new GateRig()) {
      Conduit left;
      try (Dialogue stay = new Dialogue(target.enter(STAMP, 20_000), "rig")) {
        stay.greeting(GateRig.soon());
        SshInside inside = target.inside(stay, STAMP);
        inside.note(target.places.incomplete(), "clone");
        inside.makePipes();
        Conduit from = source.conduit("send " + new Portion.Log(FIRST, LAST).words());
        try (Relay relay = new Relay(from, inside.meet(GateRig.soon()), _ -> {})) {
          Tool.Rsync rsync = new Tool.Rsync(new Portion.Log(FIRST, LAST));
          assertThat(inside.run(rsync, GateRig.soon()).exit()).isEqualTo(12);
          assertThat(relay.complaint()).contains("the log from " + FIRST).contains("is not there");
        }
        // Who came too late for a pipe leaves a file in its place.
        Files.writeString(target.places.gate().resolve("rsync-out"), "late");
        inside.makePipes();
        left = inside.meet(GateRig.soon());
      }
      // The stay has ended, and nothing was run.
      assertThat(left.heard().read()).isNegative();
      left.close();

      Stamp newer = new Stamp(1, 2);
      try (Dialogue stay = new Dialogue(target.enter(newer, 20_000), "rig")) {
        stay.greeting(GateRig.soon());
        SshInside inside = target.inside(stay, newer);
        inside.makePipes();
        try (Conduit met = inside.meet(GateRig.soon())) {
          long asked = stay.ask("run", "rsync-data", "40000");
          await()
              .atMost(Duration.ofSeconds(20))
              .until(() -> Files.exists(target.places.gate().resolve("running")));
          try (Dialogue newest = new Dialogue(target.enter(new Stamp(1, 3), 20_000), "rig")) {
            assertThat(newest.greeting(GateRig.soon())).containsExactly("entered", "1.2.0");
          }
          assertThatThrownBy(() -> stay.answer(asked, GateRig.soon()))
              .hasMessageContaining("made way");
          assertThat(met.heard().readAllBytes()).hasSizeLessThan(1024);
        }
      }
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> !Files.exists(target.places.gate().resolve("rsync-out")));
    }
  }

  private static String text(Conduit conduit) throws Exception {
    return new String(conduit.heard().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  private static String refusal(GateRig rig, String asked) throws Exception {
    try (Conduit conduit = rig.conduit(asked)) {
      assertThat(text(conduit)).as(asked).isEmpty();
      return conduit.complaint();
    }
  }

  @Test
  @DisplayName("nothing else is sent, and nobody is met but by the stay that is on")
  void strict() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/rsync")) || System.getenv("CI") != null,
        "skipped: rsync is not installed; apt-get install rsync");
    try (GateRig rig = new GateRig()) {
      data(rig.places.data(), new Random(2));
      List<String> before = rig.everything();
      for (String asked :
          List.of(
              "send /etc/passwd",
              "send ..",
              "send base",
              "send --rsh",
              "send log",
              "send log " + FIRST,
              "send log " + FIRST + " " + FIRST + ".partial",
              "send log .. ..",
              "send log " + FIRST + " 000000020000000100000009",
              "send data data",
              "meet 1.1.1",
              "meet x")) {
        assertThat(refusal(rig, asked)).as(asked).startsWith("cotidal-gate: ");
      }
      assertThat(rig.everything()).isEqualTo(before);
      try (Conduit ready = rig.conduit("send ready")) {
        Rsync.requireReady(text(ready), "", "rig");
      }
      // What a gate of an earlier release says.
      assertThatThrownBy(
              () -> Rsync.requireReady("", "cotidal-gate: watch, enter or look", "b@far"))
          .hasMessage(
              "b@far: rsync cannot send from there: cotidal-gate: watch, enter or look;"
                  + " run cot member prepare again");
      assertThatThrownBy(
              () -> Rsync.requireReady("", "cotidal-gate: rsync is not installed", "b@far"))
          .hasMessage("b@far: rsync cannot send from there: cotidal-gate: rsync is not installed");
      try (Dialogue stay = new Dialogue(rig.enter(STAMP, 20_000), "rig")) {
        stay.greeting(GateRig.soon());
        assertThat(refusal(rig, "meet " + STAMP)).contains("waits for nobody");
        rig.inside(stay, STAMP).makePipes();
        assertThat(refusal(rig, "meet 1.0.0")).contains("no stay under 1.0.0");
      }
      assertThat(refusal(rig, "meet " + STAMP)).contains("no stay under");
      assertThat(rig.places.gate().resolve("rsync-in")).doesNotExist();
    }
  }
}
