package io.cotidal.postgres.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.Outcome;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.spec.Access;
import io.cotidal.postgres.spec.Failover;
import io.cotidal.postgres.spec.Plugin;
import io.cotidal.postgres.spec.Plugin.Hook;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Practice;
import io.cotidal.postgres.spec.Server;
import io.cotidal.remote.LocalProcesses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real programs, in Perl and in the shell: only a clear yes in time is a yes. */
@Timeout(60)
final class PluginHooksIT {
  private static final MemberId A = new MemberId("a");
  private static final String PASSWORD = "canary-plugin-5b1";

  @TempDir private Path folder;

  private Path program(String text) throws IOException {
    Path file = folder.resolve("plugin");
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return file;
  }

  private static Path example(String name) {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(here.resolve("plugins"))) {
      here = here.getParent();
    }
    return here.resolve("plugins").resolve(name);
  }

  private PluginHooks hooks(Hook hook, Path program, Map<String, String> parameters) {
    Plugin plugin =
        new Plugin(hook, "p", program, Duration.ofSeconds(2), new TreeMap<>(parameters));
    PostgresSpec spec =
        new PostgresSpec(
            new ResourceId("postgres", "orders"),
            Mode.MANAGE,
            List.of(new Server(A, "10.0.0.1", 5432, folder.resolve("a"), Path.of("/bin"), "")),
            0,
            Failover.DEFAULT,
            new Access("postgres", new Secret(PASSWORD), "replicator", new Secret(PASSWORD)),
            new TreeMap<>());
    return new PluginHooks(spec.with(Practice.PLAIN.asking(List.of(plugin))), new LocalProcesses());
  }

  private static Step step() {
    return Step.act(Acts.HOOK, A, "ask").with(Acts.PLUGIN, "p").with("candidates", "a=1/5");
  }

  private Outcome ask(Hook hook, Path program) {
    return hooks(hook, program, Map.of()).act(step(), new Stamp(8, 17));
  }

  private String no(String script) throws IOException {
    Outcome outcome = ask(Hook.STONITH, program("#!/bin/sh\n" + script + "\n"));
    assertThat(outcome).as(script).isInstanceOf(Outcome.Failed.class);
    return ((Outcome.Failed) outcome).reason();
  }

  @Test
  @DisplayName("A plug-in in Perl is asked with JSON and answers; its answer is the evidence")
  void perl() throws IOException {
    Path note = folder.resolve("note");
    PluginHooks hooks =
        hooks(Hook.AFTER_FAILOVER, example("note-failover.pl"), Map.of("file", note.toString()));
    Outcome outcome = hooks.act(step(), new Stamp(8, 17));
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    assertThat(((Outcome.Done) outcome).evidence().need("file")).isEqualTo(note.toString());
    assertThat(Files.readString(note)).isEqualTo("orders 17 a\n");
    assertThat(hooks.inspect(step())).isInstanceOf(Inspection.Unknown.class);
  }

  @Test
  @DisplayName("The example for a BIG-IP disables the others first, and sends no hostile word")
  void balancer() throws IOException {
    Path said = folder.resolve("said");
    Path ssh = folder.resolve("ssh");
    Files.writeString(
        ssh, "#!/bin/sh\nfor last; do :; done\nprintf '%s\\n' \"$last\" >> " + said + "\n");
    Files.setPosixFilePermissions(ssh, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path example =
        program(
            Files.readString(example("bigip-pool.py"))
                .replace("return [\"ssh\"", "return [\"" + ssh + "\""));
    Map<String, String> parameters =
        new TreeMap<>(
            Map.of(
                "host", "10.0.0.9",
                "user", "cotidal",
                "pool", "/Common/orders",
                "nodes", "a=10.0.0.1:5432, b=10.0.0.2:5432",
                "known-hosts", "/etc/k",
                "identity", "/etc/i"));
    assertThat(hooks(Hook.CONNECTION_FAILOVER, example, parameters).act(step(), new Stamp(8, 17)))
        .isInstanceOf(Outcome.Done.class);
    String modify = "tmsh modify ltm pool /Common/orders members modify { %s { session %s } }";
    assertThat(Files.readAllLines(said))
        .containsExactly(
            modify.formatted("10.0.0.2:5432", "user-disabled"),
            modify.formatted("10.0.0.1:5432", "user-enabled"));
    for (String hostile : List.of("x; reboot", "-oProxyCommand=x", "")) {
      parameters.put("pool", hostile);
      assertThat(hooks(Hook.CONNECTION_FAILOVER, example, parameters).act(step(), new Stamp(8, 17)))
          .as(hostile)
          .isInstanceOf(Outcome.Failed.class);
    }
    assertThat(Files.readAllLines(said)).hasSize(2);
  }

  @Test
  @DisplayName("The example for systemd starts and stops the member's own unit, and no other word")
  void service() throws IOException {
    Path said = folder.resolve("said");
    Path systemctl = folder.resolve("systemctl");
    Files.writeString(systemctl, "#!/bin/sh\necho \"$@\" >> " + said + "\n");
    Files.setPosixFilePermissions(systemctl, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path example =
        program(
            Files.readString(example("service-restart.py"))
                .replace("[\"systemctl\"", "[\"" + systemctl + "\""));
    Step start = step().with("mode", "start");
    PluginHooks hooks = hooks(Hook.RESTART, example, Map.of("units", "b=pg@b, a=pg@a.service"));
    assertThat(hooks.act(start, new Stamp(8, 17))).isInstanceOf(Outcome.Done.class);
    assertThat(hooks.act(step().with("mode", "stop"), new Stamp(8, 17)))
        .isInstanceOf(Outcome.Done.class);
    assertThat(Files.readAllLines(said)).containsExactly("start pg@a.service", "stop pg@a.service");
    for (String hostile : List.of("a=x; reboot", "a=-H", "b=pg", "")) {
      assertThat(
              hooks(Hook.RESTART, example, Map.of("units", hostile)).act(start, new Stamp(8, 17)))
          .as(hostile)
          .isInstanceOf(Outcome.Failed.class);
    }
    assertThat(Files.readAllLines(said)).hasSize(2);
  }

  @Test
  @DisplayName(
      "The example with rsync goes over ssh to the member that is filled, with no other word")
  void copiedOverSsh() throws IOException {
    Path said = folder.resolve("said");
    for (String name : List.of("ssh", "rsync")) {
      Path fake = folder.resolve(name);
      Files.writeString(fake, "#!/bin/sh\necho " + name + " \"$@\" >> " + said + "\n");
      Files.setPosixFilePermissions(fake, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Path psql = folder.resolve("psql");
    Files.writeString(
        psql,
        """
        #!/bin/sh
        for answer in 0 150018 0/2000028 'bGFiZWwK 0'; do
          read -r question && echo "$answer"
        done
        """);
    Files.setPosixFilePermissions(psql, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path example =
        program(
            Files.readString(example("clone-rsync.py"))
                .replace("return [\"ssh\"", "return [\"" + folder.resolve("ssh") + "\""));
    Map<String, String> parameters =
        new TreeMap<>(
            Map.of(
                "sql-user", "backup",
                "sql-passfile", "/etc/p",
                "psql", psql.toString(),
                "rsync", folder.resolve("rsync").toString(),
                "user", "postgres",
                "known-hosts", "/etc/k",
                "identity", "/etc/i"));
    Step copy =
        step()
            .with("from-host", "10.0.0.2")
            .with("from-port", 5432)
            .with("from-data", "/srv/b")
            .with("data", "/srv/a")
            .with("bytes-per-second", 2_097_152);
    assertThat(hooks(Hook.CLONE, example, parameters).act(copy, new Stamp(8, 17)))
        .isInstanceOf(Outcome.Done.class);
    List<String> lines = Files.readAllLines(said);
    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst())
        .startsWith(
            "ssh -o BatchMode=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile=/etc/k")
        .contains(" postgres@10.0.0.1 ", "'--exclude=/pg_wal/*'", " --bwlimit=2048 ")
        .endsWith(" postgres@10.0.0.2:/srv/b/ /srv/a/");
    assertThat(lines.getLast())
        .startsWith("rsync ")
        .endsWith(" postgres@10.0.0.1:/srv/a/backup_label");
    for (String hostile : List.of("/srv/x; reboot", "-e sh", "/srv/$(id)", "")) {
      assertThat(
              hooks(Hook.CLONE, example, parameters)
                  .act(copy.with("from-data", hostile), new Stamp(8, 17)))
          .as(hostile)
          .isInstanceOf(Outcome.Failed.class);
    }
    assertThat(Files.readAllLines(said)).hasSize(2);
  }

  @Test
  @DisplayName("The example in Python says no where it knows no board, and never a yes by mistake")
  void python() {
    assertThat(ask(Hook.STONITH, example("ipmi-stonith.py")))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.reason()).contains("no parameter board-a"));
    Map<String, String> board =
        Map.of("board-a", "127.0.0.1", "user", "u", "password-file", "/nonexistent");
    assertThat(hooks(Hook.STONITH, example("ipmi-stonith.py"), board).act(step(), new Stamp(8, 17)))
        .isInstanceOf(Outcome.Failed.class);
  }

  @Test
  @DisplayName("What it is told: the member, the stamp, the arguments; no secret anywhere")
  void question() throws IOException {
    Path heard = folder.resolve("heard");
    Path program =
        program(
            """
            #!/bin/sh
            { cat; echo; env; tr '\\0' ' ' < /proc/$$/cmdline; } > %s
            echo '{"ok": true, "order": ["a", "b"], "n": 5}'
            """
                .formatted(heard));
    Outcome outcome = ask(Hook.SELECT, program);
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    assertThat(((Outcome.Done) outcome).evidence().need(Acts.ORDER)).isEqualTo("a,b");
    assertThat(Files.readString(heard))
        .contains("\"hook\":\"select\"", "\"host\":\"10.0.0.1\"", "\"epoch\":8", "a=1/5")
        .doesNotContain(PASSWORD)
        .doesNotContain("JAVA_HOME");
  }

  @Test
  @DisplayName("A yes to the question whether a machine is ended needs a proof")
  void proof() throws IOException {
    assertThat(no("echo '{\"ok\": true}'")).contains("no proof");
    Path program = program("#!/bin/sh\necho '{\"ok\": true, \"proof\": \"power is off\"}'\n");
    assertThat(ask(Hook.STONITH, program))
        .isInstanceOfSatisfying(
            Outcome.Done.class,
            done -> assertThat(done.evidence().need(Acts.PROOF)).isEqualTo("power is off"));
  }

  @Test
  @DisplayName("Says no, fails, is not there, answers rubbish: never a yes")
  void neverYes() throws IOException {
    String yes = "{\"ok\": true, \"proof\": \"p\"}";
    assertThat(no("echo '{\"ok\": false, \"reason\": \"not mine\"}'")).contains("not mine");
    assertThat(no("echo '" + yes + "'; echo broken >&2; exit 3")).contains("ended with 3: broken");
    assertThat(no("exit 0")).contains("no JSON");
    assertThat(no("echo yes")).contains("no JSON");
    assertThat(no("echo '" + yes + yes + "'")).contains("no JSON");
    assertThat(no("echo '{\"ok\": \"true\", \"proof\": \"p\"}'")).contains("ok true or false");
    assertThat(no("echo '[true]'")).contains("ok true or false");
    assertThat(no("echo '{\"ok\": true, \"proof\": {\"a\": 1}}'")).contains("more than texts");
    assertThat(ask(Hook.STONITH, folder.resolve("nothing"))).isInstanceOf(Outcome.Failed.class);
  }

  @Test
  @DisplayName("One that hangs is killed with all that it started; one without end is stopped")
  void limits() throws IOException {
    Path pid = folder.resolve("pid");
    assertThat(no("sleep 100 & echo $! > " + pid + "; wait")).contains("in time");
    long child = Long.parseLong(Files.readString(pid).strip());
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty());
    assertThat(no("exec yes")).contains("more than 65536 bytes");
    assertThat(no("yes >&2")).contains("in time");
  }

  @Test
  @DisplayName(
      "What it starts may leave its session shortly after its answer; what stays is killed")
  void leaves() throws IOException {
    Path leaving = folder.resolve("leaving");
    Path staying = folder.resolve("staying");
    Path program =
        program(
            """
            #!/bin/sh
            (sleep 0.2; exec setsid sh -c 'echo $$ > %s; exec sleep 100') >/dev/null 2>&1 </dev/null &
            sh -c 'echo $$ > %s; exec sleep 100' >/dev/null 2>&1 </dev/null &
            echo '{"ok": true, "proof": "p"}'
            """
                .formatted(leaving, staying));
    assertThat(ask(Hook.STONITH, program)).isInstanceOf(Outcome.Done.class);
    await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(leaving));
    ProcessHandle left =
        ProcessHandle.of(Long.parseLong(Files.readString(leaving).strip())).orElseThrow();
    assertThat(left.isAlive()).isTrue();
    left.destroyForcibly();
    assertThat(ProcessHandle.allProcesses().filter(each -> each.info().command().isPresent()))
        .noneMatch(each -> each.pid() == Long.parseLong(read(staying)) && each.isAlive());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @DisplayName("A program that somebody else may change is not run")
  void permissions() throws IOException {
    Path program = program("#!/bin/sh\necho '{\"ok\": true, \"proof\": \"p\"}'\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxrwxr-x"));
    assertThat(ask(Hook.STONITH, program))
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed -> assertThat(failed.reason()).contains("written by somebody else"));
  }
}
