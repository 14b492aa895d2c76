package io.cotidal.postgres.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.postgres.spec.Archive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script, run as a server runs it. */
@Timeout(60)
class ArchiveScriptTest {
  private static final String FIRST = "000000010000000000000001";

  @TempDir Path base;
  private Path gate;
  private Path folder;
  private Path data;

  /** How a run ended. */
  record Ended(int exit, String output) {}

  @BeforeEach
  void folders() throws IOException {
    // What would be harmful were the script careless with it.
    gate = Files.createDirectory(base.resolve("a'$(touch no)`touch no`;touch no;.gate"));
    folder = Files.createDirectory(base.resolve("arch ive'\"@PLACE@"));
    data = Files.createDirectory(base.resolve("data"));
  }

  private ArchiveScript script() {
    return new ArchiveScript(new Archive(new Archive.Place.Folder(folder)), data, gate);
  }

  private Ended run(String... words) throws Exception {
    return run(script(), words);
  }

  private Ended run(ArchiveScript script, String... words) throws Exception {
    Files.writeString(script.file(), script.text());
    List<String> line = new ArrayList<>(List.of("/bin/sh", script.file().toString()));
    line.addAll(List.of(words));
    return ended(line);
  }

  private Ended ended(List<String> line) throws Exception {
    Process process =
        new ProcessBuilder(line).directory(data.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(data.resolve("no")).doesNotExist();
    return new Ended(process.exitValue(), output);
  }

  private Path segment(String name, String text) throws IOException {
    return Files.writeString(data.resolve(name), text);
  }

  private void allow() throws IOException {
    Files.writeString(gate.resolve(ArchiveScript.ARCHIVING), "");
  }

  @Test
  @DisplayName(
      "a segment goes and comes back; the same one twice is well, another under its name is not")
  void pushAndFetch() throws Exception {
    segment(FIRST, "log");
    allow();
    assertThat(run("push", FIRST, FIRST)).isEqualTo(new Ended(0, ""));
    assertThat(run("push", FIRST, FIRST).exit()).isZero();
    assertThat(run("fetch", FIRST, "back").exit()).isZero();
    assertThat(data.resolve("back")).hasContent("log");
    segment(FIRST, "another log");
    assertThat(run("push", FIRST, FIRST).exit()).isEqualTo(1);
    assertThat(folder.resolve(FIRST)).hasContent("log");
    assertThat(run("push", FIRST, FIRST + ".partial").exit()).isZero();
    segment(FIRST, "a part that another one was promoted with");
    assertThat(run("push", FIRST, FIRST + ".partial").exit()).isZero();
    assertThat(Files.readString(folder.resolve(FIRST + ".partial"))).isEqualTo("another log");
    Files.delete(folder.resolve(FIRST + ".partial"));
    assertThat(run("fetch", "00000002.history", "back").exit()).isEqualTo(1);
    try (var left = Files.list(folder)) {
      assertThat(left).hasSize(1);
    }
  }

  @Test
  @DisplayName("postgres/S17: whoever was not made primary by Cotidal archives nothing")
  void notAllowed() throws Exception {
    segment(FIRST, "log");
    assertThat(run("push", FIRST, FIRST).output()).contains("not made primary");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  @DisplayName(
      "the commands that the settings hold are the ones that the server's shell understands")
  void settings() throws Exception {
    segment(FIRST, "log");
    allow();
    Files.writeString(script().file(), script().text());
    String push = script().pushing().replace("%p", FIRST).replace("%f", FIRST).replace("%%", "%");
    assertThat(ended(List.of("/bin/sh", "-c", push)).exit()).isZero();
    String fetch = script().fetching().replace("%p", "back").replace("%f", FIRST);
    assertThat(ended(List.of("/bin/sh", "-c", fetch)).exit()).isZero();
    assertThat(data.resolve("back")).hasContent("log");
  }

  @Test
  @DisplayName("a list is ranges, histories and backups with their age")
  void list() throws Exception {
    for (String name :
        List.of(
            "0000000100000000000000FE",
            "0000000100000000000000FF",
            "000000010000000100000000",
            "000000010000000100000002",
            "000000020000000100000003",
            "000000010000000100000003.partial",
            "0000000100000000000000FF.00000028.backup",
            "00000002.history",
            "README")) {
      Files.writeString(folder.resolve(name), "x");
    }
    assertThat(run("list", "256").output().lines())
        .containsExactlyInAnyOrder(
            "range 0000000100000000000000FE 000000010000000100000000",
            "range 000000010000000100000002 000000010000000100000002",
            "range 000000020000000100000003 000000020000000100000003",
            "backup 0000000100000000000000FF.00000028.backup 0",
            "history 00000002.history",
            "end");
    Files.delete(folder.resolve("README"));
    assertThat(Inventory.read(run("list", "256").output(), new Segments(16L << 20)).backups())
        .hasSize(1);
  }

  @Test
  @DisplayName("an expiry takes what is older and before, whatever its timeline, and no history")
  void expire() throws Exception {
    FileTime old = FileTime.from(Instant.now().minusSeconds(7200));
    for (String name :
        List.of(
            "000000010000000000000001",
            "000000030000000000000004",
            "000000010000000000000005",
            "000000010000000000000004.partial",
            "000000010000000000000003.00000028.backup",
            "00000002.history",
            "notes 000000010000000000000001")) {
      Files.setLastModifiedTime(Files.writeString(folder.resolve(name), "x"), old);
    }
    Files.writeString(folder.resolve("000000010000000000000002"), "young");
    assertThat(run("expire", "000000020000000000000005", "60").output()).contains("removed 4");
    try (var left = Files.list(folder)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "000000010000000000000002",
              "000000010000000000000005",
              "00000002.history",
              "notes 000000010000000000000001");
    }
  }

  @Test
  @DisplayName(
      "an operator's programs get path and name as one word each, and no failure passes 125")
  void commands() throws Exception {
    Path program = base.resolve("keep it");
    Files.writeString(program, "#!/bin/sh\nprintf '[%s]' \"$@\" \"$KIND\"\nexit ${STATUS-0}\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    TreeMap<String, String> environment = new TreeMap<>();
    environment.put("KIND", "'$(touch no)");
    ArchiveScript well = script(program, environment);
    allow();
    assertThat(run(well, "push", "pg_wal/x y", FIRST).output())
        .isEqualTo("[--from=pg_wal/x y][" + FIRST + "][100%][$(touch no)']['$(touch no)]");
    environment.put("STATUS", "137");
    assertThat(run(script(program, environment), "fetch", FIRST, "back").exit()).isEqualTo(1);
    assertThat(run(well, "expire", FIRST, "0").output()).contains("no command for this");
  }

  private ArchiveScript script(Path program, SortedMap<String, String> environment) {
    List<String> words = List.of(program.toString(), "--from=%p", "%f", "100%%", "$(touch no)'");
    return new ArchiveScript(
        new Archive(new Archive.Place.Commands(words, words, List.of(), List.of(), environment)),
        data,
        gate);
  }

  @Property(tries = 200)
  void hostileWordsStayWords(@ForAll("hostile") String word) throws Exception {
    Process shell =
        new ProcessBuilder("/bin/sh", "-c", "printf %s " + Words.quoted(word))
            .redirectErrorStream(true)
            .start();
    assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo(word);
  }

  @Provide
  Arbitrary<String> hostile() {
    return Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(30);
  }

  @Test
  @DisplayName("names that are no files of the log are refused, whoever asks")
  void hostileNames() throws Exception {
    allow();
    segment("x", "x");
    for (String name :
        List.of("../x", ".", "", "x/y", "$(touch no)", FIRST + "/../x", "-rf", "*", FIRST + "x")) {
      assertThat(run("push", "x", name).exit()).as(name).isEqualTo(1);
      assertThat(run("fetch", name, "back").exit()).as(name).isEqualTo(1);
      assertThat(run("expire", name, "0").exit()).as(name).isEqualTo(1);
    }
    assertThat(run("expire", FIRST, "0;id").exit()).isEqualTo(1);
    assertThat(run("list", "a[$(touch no)]").exit()).isEqualTo(1);
    assertThat(folder).isEmptyDirectory();
    assertThatThrownBy(() -> Words.quoted("two\nlines"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
