package io.cotidal.postgres.reach;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.Stamp;
import io.cotidal.remote.ssh.Dialogue;
import io.cotidal.remote.ssh.Words;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/** Whatever is sent to the gate's program: nothing of it is run, and nothing else is touched. */
class GateGrammarTest {
  private static final Stamp STAMP = new Stamp(1, 1);
  private static @Nullable GateRig rig;
  private static @Nullable ProcessWire wire;
  private static @Nullable Dialogue dialogue;
  private static long number = 1_000_000;

  @BeforeContainer
  static void begin() throws Exception {
    rig = new GateRig();
    Files.writeString(rig.base.resolve("secret"), "not yours");
    wire = rig.enter(STAMP, 10_000);
    dialogue = new Dialogue(wire, "rig");
    assertThat(dialogue.greeting(GateRig.soon())).containsExactly("entered", "0.0.0");
  }

  @AfterContainer
  static void end() {
    dialogue.close();
    rig.close();
  }

  @Provide
  Arbitrary<String> hostile() {
    Arbitrary<String> known =
        Arbitraries.of(
            "read",
            "write",
            "remove",
            "make",
            "empty",
            "slot",
            "log",
            "tail",
            "run",
            "settled",
            "alive",
            "sight",
            "wanted",
            "unlock",
            "archive",
            "counter",
            "summary",
            "20260101T000000Z-7",
            "20260101T000000Z-../7",
            "archiving",
            "gate/archive",
            "gate/archiving",
            "gate/settings",
            "holds",
            "rsync-data",
            "data/backup_label",
            "initdb",
            "rewind",
            "backup",
            "single",
            "data/../../../secret",
            "gate/../../secret",
            "data/standby.signal/../../../secret",
            "/etc/passwd",
            "data/PG_VERSION",
            "gate/stamp",
            "gate/lock",
            "600",
            "644",
            "4755",
            "=\\0044(touch",
            "=\\c",
            "=\\0000",
            "=\\x41",
            "=`touch",
            "=$IFS",
            "..",
            ".",
            "*",
            "-rf",
            "$(touch$IFS/tmp/cotidal-no)",
            "`id`",
            ";id",
            "|id",
            "&&id",
            ">x",
            "<x",
            "'",
            "\"",
            "\\",
            "999999999999999999999",
            "-1",
            "08",
            "1@1",
            "main",
            "x",
            "=");
    Arbitrary<String> any =
        Arbitraries.strings().withCharRange('!', '~').ofMinLength(1).ofMaxLength(40);
    return Arbitraries.oneOf(known, any)
        .list()
        .ofMinSize(1)
        .ofMaxSize(5)
        .map(words -> String.join(" ", words));
  }

  @Property(tries = 400)
  void noLineDoesAnythingElse(@ForAll("hostile") String words) throws Exception {
    // What may change is what the member owns, and nothing there has a name that was sent.
    List<String> before = rig.everything(rig.places.data(), rig.places.gate(), rig.places.log());
    String line = words.startsWith("run ") || words.startsWith("start") ? "x" + words : words;
    long asked = number++;
    wire.say(asked + " " + line);
    String answer = wire.hear(GateRig.soon());
    assertThat(answer).matches(asked + " (ok|no)( .*)?");
    assertThat(answer).doesNotContain("6e6f7420796f757273");
    assertThat(rig.everything(rig.places.data(), rig.places.gate(), rig.places.log()))
        .isEqualTo(before);
    assertThat(names(rig.places.data()))
        .isSubsetOf(
            "standby.signal",
            "recovery.signal",
            "cotidal.conf",
            "postgresql.conf",
            "postgresql.auto.conf",
            "pg_hba.conf",
            "backup_label");
    assertThat(names(rig.places.gate()))
        .isSubsetOf(
            "lock",
            "stamp",
            "holder",
            "reserve",
            "incomplete",
            "receipt",
            "paused",
            "passfile",
            "rewind-passfile",
            "initdb-password",
            "roles.sql",
            "archiving");
    assertThat(Files.readString(rig.places.gate().resolve("stamp"))).isEqualTo(STAMP.toString());
  }

  private static List<String> names(java.nio.file.Path folder) throws Exception {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Property(tries = 200)
  void everyTextIsReadBackAsItWasWritten(@ForAll String text) throws Exception {
    if (text.indexOf('\0') >= 0) {
      return;
    }
    String plain = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    SshInside inside = rig.inside(dialogue, STAMP);
    inside.write(rig.places.gate().resolve("passfile"), plain);
    assertThat(inside.read(rig.places.gate().resolve("passfile"))).contains(plain);
    assertThat(Files.readString(rig.places.gate().resolve("passfile"))).isEqualTo(plain);
  }

  @Property(tries = 60)
  void noOtherCommandIsRun(@ForAll("commands") String asked) throws Exception {
    List<String> before = rig.everything(rig.places.gate());
    try (ProcessWire other = rig.wire(asked)) {
      other.sayNoMore();
      assertThat(other.exit()).as(asked).isEqualTo(64);
    }
    assertThat(rig.everything(rig.places.gate())).isEqualTo(before);
  }

  @Provide
  Arbitrary<String> commands() {
    return Arbitraries.of(
            "",
            "id",
            "sh",
            "cotidal-gate",
            "cotidal-gate 1 b@orders",
            "cotidal-gate 2 b@orders watch",
            "cotidal-gate 1 ../../secret watch",
            "cotidal-gate 1 c@orders watch",
            "cotidal-gate 1 b@orders enter 1.1 100",
            "cotidal-gate 1 b@orders enter 1.1.x 100",
            "cotidal-gate 1 b@orders enter 1.1.1 99999999999",
            "cotidal-gate 1 b@orders watch; id",
            "cotidal-gate 1 b@orders watch $(id)",
            "cotidal-gate 1 b@orders watch\nid",
            "cotidal-gate 1 b@orders look 1.1.1",
            "cotidal-gate 1 b@orders send",
            "cotidal-gate 1 b@orders send /etc",
            "cotidal-gate 1 b@orders send data; id",
            "cotidal-gate 1 b@orders send log * *",
            "cotidal-gate 1 b@orders send data data data",
            "cotidal-gate 1 b@orders meet 1.1.x",
            "cotidal-gate 1 b@orders meet 9.9.9",
            "cotidal-gate 1 b@orders relay /tmp",
            "relay /tmp",
            "cotidal-gate 1 .. watch",
            "scp -t /tmp")
        .map(command -> command);
  }

  @Property
  void wordsAreHarmless(@ForAll String text) {
    if (text.indexOf('\0') < 0) {
      assertThat(Words.text(text)).matches("=[A-Za-z0-9._/:=,@+%\\\\-]*");
    }
  }
}
