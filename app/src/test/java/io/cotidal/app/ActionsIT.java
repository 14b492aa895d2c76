package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.kinds.Kinds;
import io.cotidal.cli.Cli;
import io.cotidal.cli.commands.Catalogue;
import io.cotidal.cli.commands.Surroundings;
import io.cotidal.cli.terminal.Terminal;
import io.cotidal.engine.ResourceView;
import io.cotidal.lab.DemoCluster;
import io.cotidal.model.MemberView;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.Report;
import io.cotidal.model.Report.Verdict;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What people ask of single members, on three real servers: as command, route and library call. */
@Timeout(400)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ActionsIT {
  private static final String ORDERS = "postgres/" + DemoCluster.RESOURCE;
  private static final Duration LONG = Duration.ofSeconds(150);

  private static ClusterLab lab;
  private static Embedded cotidal;

  /** What a run of {@code cot} came to. */
  private record Result(int exit, String out, String err) {}

  @BeforeAll
  static void begin() throws Exception {
    lab = ClusterLab.open();
    cotidal = Embedded.start(lab.cluster().configuration());
    assertThat(cotidal.awaitReady(ORDERS, LONG)).isTrue();
    act("create", Map.of("primary", "a"));
    awaitWhole(2);
  }

  @AfterAll
  static void end() throws IOException {
    cotidal.close();
    lab.close();
  }

  private static Operation act(String action, Map<String, String> input)
      throws InterruptedException {
    Operation ended = cotidal.act(ORDERS, action, input, LONG);
    assertThat(ended.state()).as("%s", ended).isEqualTo(OperationState.DONE);
    return ended;
  }

  private static ResourceView view() {
    return cotidal.status(ORDERS);
  }

  /**
   * Healthy, nothing wanted, and so many replicas on the quorum list; for a while, because the
   * latest looks may be older than what was done last, such as a restart that broke every stream.
   */
  private static void awaitWhole(int listed) {
    await()
        .during(Duration.ofSeconds(1))
        .atMost(LONG)
        .untilAsserted(() -> {
          assertThat(view().diagnosis().code())
              .as("%s", view().diagnosis().sentence())
              .isEqualTo("healthy");
          assertThat(view().inSync()).as("%s", view().wanted()).isTrue();
          assertThat(view().operations()).allMatch(each -> each.state().ended());
          assertThat(view().links())
              .as("the primary sees them stream, and not they alone")
              .hasSize(listed)
              .allMatch(link -> link.lagBytes() != null);
          assertThat(view().ledger().get("quorum", "").split(",")).hasSize(listed);
          assertThat(view().ledger().entries().keySet())
              .as("who is in doubt is trusted again by a quorum operation that is to come")
              .noneMatch(name -> name.startsWith("doubt."));
        });
  }

  private static String primary() {
    return view().members().stream()
        .filter(MemberView::writable)
        .map(member -> member.id().name())
        .findFirst()
        .orElse("none");
  }

  private static boolean runs(String member) throws IOException {
    return lab.cluster().processes(member).running();
  }

  private static Result cot(String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            false,
            false,
            () -> 120);
    Map<String, String> environment =
        Map.of(
            "HOME",
            "/nonexistent",
            "COT_TOKEN_FILE",
            Wiring.tokenFile(lab.configuration()).toString(),
            "COT_SERVER",
            "http://127.0.0.1:" + lab.configuration().listen().getPort());
    Surroundings system = Surroundings.system();
    Surroundings own =
        new Surroundings(
            terminal, environment, system.time(), system.interrupts(), system.programs());
    int exit = new Cli(own, new Catalogue("test", Kinds::actions, List.of())).run(words);
    return new Result(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  @Test
  @Order(1)
  @DisplayName("verify looks anew and writes; validate holds the servers against the configuration")
  void questions() {
    Result verify = cot("verify", ORDERS);
    assertThat(verify.exit()).as("%s %s", verify.out(), verify.err()).isZero();
    assertThat(verify.out())
        .contains("primary on timeline")
        .contains("a temporary table was made and committed")
        .contains("streams, ");
    Report validate = cotidal.ask(ORDERS, "validate", Map.of());
    assertThat(validate.lines()).as("%s", validate).hasSizeGreaterThan(20);
    assertThat(validate.well()).as("%s", validate).isTrue();
    assertThat(validate.lines())
        .extracting(Report.Line::subject)
        .contains("a data_directory", "c max_wal_senders", "b replication");
    Report failover = cotidal.ask(ORDERS, "failover-check", Map.of());
    assertThat(failover.sentence()).contains("if a died now, ", "would be promoted");
    assertThat(failover.well()).as("%s", failover).isTrue();
    Result servers = cot("servers", ORDERS, "--role", "replica", "-o", "name");
    assertThat(servers.out().lines()).containsExactly("b", "c");
    Result server = cot("server", ORDERS, "--member", "b", "-o", "json");
    assertThat(server.out()).contains("\"data\"", "\"priority\"", "\"replication-user\"");
    for (Map.Entry<String, String> secret : secrets().entrySet()) {
      assertThat(server.out()).doesNotContain(secret.getValue());
    }
    assertThat(cot("check-primary", ORDERS).exit()).isZero();
    Result replicas = cot("check-replicas", ORDERS);
    assertThat(replicas.exit()).as("%s", replicas.out()).isZero();
    assertThat(replicas.err()).contains("2 of 2 are as they should be");
    assertThat(cot("server", ORDERS, "--member", "x").err()).contains("no member 'x'");
  }

  private static Map<String, String> secrets() {
    return Map.of("superuser", lab.cluster().login().password().reveal());
  }

  @Test
  @Order(2)
  @DisplayName("a stopped replica stays stopped; commits wait for the other one, and go on")
  void stopAndStart() throws Exception {
    assertThat(cotidal.dryRun(ORDERS, "stop", Map.of("member", "b")))
        .anyMatch(sentence -> sentence.contains("stop b in order"));
    assertThat(runs("b")).isTrue();
    Result stop = cot("stop", ORDERS, "--member", "b", "--wait");
    assertThat(stop.exit()).as("%s %s", stop.out(), stop.err()).isZero();
    assertThat(runs("b")).isFalse();
    awaitWhole(1);
    assertThat(view().diagnosis().sentence()).contains("b is stopped on purpose");
    assertThat(view().guarantee()).contains("zero loss", "1 of c");
    assertThat(cotidal.ask(ORDERS, "verify", Map.of()).well()).isTrue();
    await()
        .during(Duration.ofSeconds(3))
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(runs("b")).isFalse());
    assertThatThrownBy(() -> act("stop", Map.of("member", "c")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("commits wait for 1");
    assertThat(runs("c")).isTrue();
    act("start", Map.of("member", "b"));
    awaitWhole(2);
  }

  @Test
  @Order(3)
  @DisplayName("a restart of a replica and of the primary in its place, without a failover")
  void restart() throws Exception {
    Result refused = cot("restart", ORDERS, "--member", "a");
    assertThat(refused.exit()).isNotZero();
    assertThat(refused.err()).contains("a is primary", "switchover", "--in-place");
    act("restart", Map.of("member", "c"));
    awaitWhole(2);
    act("restart", Map.of("member", "a", "in-place", "true"));
    awaitWhole(2);
    assertThat(primary()).isEqualTo("a");
    assertThat(view().operations()).noneMatch(each -> each.type().equals("failover"));
  }

  @Test
  @Order(4)
  @DisplayName("disabled: no slot, nobody touches it; enabled, it streams again")
  void disableAndEnable() throws Exception {
    act("disable", Map.of("member", "c"));
    awaitWhole(1);
    assertThat(runs("c")).isFalse();
    Operation disabled = newest("disable");
    assertThat(disabled.step("slots a")).isPresent();
    act("enable", Map.of("member", "c"));
    awaitWhole(2);
    assertThat(runs("c")).isTrue();
  }

  private static Operation newest(String type) {
    return view().operations().stream()
        .filter(each -> each.type().equals(type))
        .max((a, b) -> Long.compare(a.number(), b.number()))
        .orElseThrow();
  }

  @Test
  @Order(5)
  @DisplayName("an emptied member is filled from a replica, and leaves no slot there")
  void cloneFromReplica() throws Exception {
    act("disable", Map.of("member", "c"));
    awaitWhole(1);
    try (var files = Files.walk(lab.cluster().data("c"))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    await()
        .atMost(LONG)
        .untilAsserted(
            () -> assertThat(cotidal.dryRun(ORDERS, "clone", Map.of("member", "c"))).isNotEmpty());
    Operation cloned = act("clone", Map.of("member", "c", "from", "b"));
    assertThat(cloned.step("clone c").orElseThrow().step().sentence()).contains("copy b over c");
    assertThat(cloned.step("slots b")).isPresent();
    awaitWhole(2);
    assertThat(cotidal.ask(ORDERS, "verify", Map.of()).lines())
        .allMatch(line -> line.verdict() == Verdict.YES);
  }

  @Test
  @Order(6)
  @DisplayName("promote is a switchover while the primary answers; remaster points a replica anew")
  void promote() throws Exception {
    Operation moved = act("promote", Map.of("member", "b"));
    assertThat(moved.type()).isEqualTo("switchover");
    assertThat(moved.input().need("asked-as")).isEqualTo("promote");
    awaitWhole(2);
    assertThat(primary()).isEqualTo("b");
    assertThat(act("remaster", Map.of("member", "c")).type()).isEqualTo("follow");
  }

  @Test
  @Order(7)
  @DisplayName("fenced with force, the primary ends and a failover follows by itself")
  void fence() throws Exception {
    Result refused = cot("fence", ORDERS, "--member", "b", "--yes");
    assertThat(refused.exit()).isNotZero();
    assertThat(refused.err()).contains("--force");
    assertThat(runs("b")).isTrue();
    Result fenced = cot("stonith", ORDERS, "--member", "b", "--force", "--yes", "--wait");
    String said = fenced.out() + fenced.err();
    assertThat(fenced.exit() == 0 || said.contains("preempted by failover"))
        .as("done, or overtaken by the failover that follows from it: %s", said)
        .isTrue();
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(primary()).as("primary").isNotIn("b", "none"));
    awaitWhole(2);
    assertThat(newest("failover").state()).isEqualTo(OperationState.DONE);
  }

  @Test
  @Order(8)
  @DisplayName("the program in docs/actions.md compiles, and does what it says")
  void program(@TempDir Path folder) throws Exception {
    String document = Files.readString(root().resolve("docs/actions.md"));
    Matcher block = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL).matcher(document);
    assertThat(block.find()).isTrue();
    Path source = folder.resolve("Maintenance.java");
    Files.writeString(source, block.group(1));
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-d",
                folder.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                source.toString());
    assertThat(compiled).as("it compiles").isZero();
    String replica = primary().equals("a") ? "b" : "a";
    cotidal.close();
    try (URLClassLoader loader =
        new URLClassLoader(
            new URL[] {folder.toUri().toURL()}, Thread.currentThread().getContextClassLoader())) {
      loader
          .loadClass("Maintenance")
          .getMethod("main", String[].class)
          .invoke(
              null,
              (Object) new String[] {lab.cluster().configuration().toString(), ORDERS, replica});
    } finally {
      cotidal = Embedded.start(lab.cluster().configuration());
    }
    assertThat(cotidal.awaitReady(ORDERS, LONG)).isTrue();
    awaitWhole(2);
    assertThat(newest("stop").input().need("member")).isEqualTo(replica);
    assertThat(newest("start").state()).isEqualTo(OperationState.DONE);
  }

  private static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (at != null && !Files.exists(at.resolve("check"))) {
      at = at.getParent();
    }
    return Objects.requireNonNull(at);
  }
}
