package io.cotidal.feeds.repository;

import static io.cotidal.feeds.repository.Rig.soon;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cotidal.feeds.spec.FeedsSpec.Tool;
import io.cotidal.lab.HgRepo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("A clone of Mercurial whose hook applies what is pulled")
@Timeout(90)
class HgHookIT {
  private Rig rig;
  private HgRepo master;
  private Path folder;
  private Path told;
  private Path answer;

  @BeforeEach
  void begin() throws Exception {
    rig = new Rig(HgRepo.missing());
    master = HgRepo.make(rig.fresh("master"), "");
    folder = rig.fresh("clone");
    told = rig.fresh("told");
    answer = rig.fresh("answer");
  }

  @AfterEach
  void end() throws Exception {
    rig.close();
  }

  @Test
  @DisplayName(
      "feeds/S6: keeps its tip when the hook fails, moves it when it succeeds, and refuses commits of its own")
  void hooked() throws Exception {
    String first = master.write("k/a.json", "1").commit("one");
    master.run("clone", "--quiet", master.folder().toString(), folder.toString());
    Path script = Files.writeString(rig.fresh("a hook's script"), script());
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    HgRc.install(folder, List.of(script.toString(), told.toString(), answer.toString()));
    master.write("k/a.json", "2").commit("two");
    String last = master.write("k/a.json", "3").commit("three");

    Process failing = hg("pull");
    Repository inside = inside();
    assertThat(rig.open(place()).entries(first, soon()).entries()).hasSize(1);
    assertThat(tip()).isEqualTo(first);
    assertThat(inside.pull(soon()).head()).isEqualTo(last);
    assertThat(inside.pull(soon()).behind()).isEqualTo(3);
    assertThat(files(inside, last)).containsEntry("k/a.json", "3");
    answer("1");
    assertThat(said(failing)).contains("rollback completed");
    assertThat(failing.exitValue()).isNotZero();
    assertThat(tip()).isEqualTo(first);

    Process succeeding = hg("pull");
    Repository again = inside();
    String head = again.pull(soon()).head();
    again.applied(head, soon());
    assertThat(again.known().orElseThrow().current()).isTrue();
    answer("0");
    assertThat(said(succeeding)).doesNotContain("rollback");
    assertThat(succeeding.exitValue()).isZero();
    assertThat(tip()).isEqualTo(last);
    assertThat(rig.open(place()).pull(soon()).applied()).contains(last);

    Files.writeString(folder.resolve("k/own.json"), "own");
    Process own = hg("commit", "--addremove", "--message", "own");
    assertThat(said(own)).contains("this clone follows its master");
    assertThat(own.exitValue()).isNotZero();
    assertThat(tip()).isEqualTo(last);
  }

  /** Tells what it was told, and ends as it is answered. */
  private static String script() {
    return """
    #!/bin/sh
    env | grep '^HG_' > "$1.new" && mv "$1.new" "$1"
    while [ ! -e "$2" ]; do sleep 0.05; done
    read -r code < "$2"
    rm "$2" "$1"
    exit "$code"
    """;
  }

  private Place place() {
    return rig.place(Tool.HG, folder, "", Path.of("/bin/false"));
  }

  private Repository inside() throws Exception {
    await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(told));
    Map<String, String> environment =
        Files.readAllLines(told).stream()
            .map(line -> line.split("=", 2))
            .collect(Collectors.toMap(words -> words[0], words -> words[1]));
    HgHook hook = HgHook.of(environment);
    assertThat(hook.source()).isEqualTo("pull");
    assertThat(hook.pending()).isPresent();
    Place other = rig.place(Tool.HG, rig.folder, "", Path.of("/bin/false"));
    assertThatThrownBy(() -> Repositories.open(other, hook, rig.processes).pull(soon()))
        .hasMessageContaining("hook: it runs in");
    return Repositories.open(place(), hook, rig.processes);
  }

  private static Map<String, String> files(Repository repository, String commit) throws Exception {
    return new JobFiles(repository, Limits.USUAL)
        .of(commit, path -> true, soon()).files().entrySet().stream()
            .collect(
                Collectors.toMap(Map.Entry::getKey, file -> new String(file.getValue(), UTF_8)));
  }

  private void answer(String code) throws Exception {
    Path fresh = Files.writeString(rig.fresh("code"), code + "\n");
    Files.move(fresh, answer);
  }

  private Process hg(String... arguments) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("/usr/bin/hg");
    builder.command().addAll(List.of(arguments));
    builder.environment().putAll(HgRepo.ENVIRONMENT);
    return rig.registry.start(
        builder
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolveSibling("said").toFile()));
  }

  private String said(Process process) throws Exception {
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return Files.readString(folder.resolveSibling("said"));
  }

  private String tip() throws Exception {
    Process process = hg("log", "--rev=tip", "--template={node}");
    return said(process);
  }
}
