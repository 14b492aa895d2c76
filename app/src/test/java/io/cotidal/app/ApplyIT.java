package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.config.Rereading;
import io.cotidal.app.kinds.Kinds;
import io.cotidal.cli.api.Api;
import io.cotidal.cli.api.Credentials;
import io.cotidal.cli.api.Node;
import io.cotidal.cli.api.Server;
import io.cotidal.cli.terminal.Failure;
import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.engine.ResourceView;
import io.cotidal.engine.Store;
import io.cotidal.lab.DemoCluster;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.MemberView;
import io.cotidal.model.Operation;
import io.cotidal.model.ResourceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A configuration that changes while the daemon runs, on real members. */
@Timeout(240)
final class ApplyIT {
  private static final ResourceId ORDERS = new ResourceId("postgres", DemoCluster.RESOURCE);
  private static final Duration LONG = Duration.ofSeconds(90);

  private ClusterLab lab;
  private Path file;
  private String whole;
  private Wiring wiring;
  private Api api;

  @BeforeEach
  void open() throws IOException, StartFailure {
    lab = ClusterLab.open();
    file = lab.cluster().configuration();
    whole = Files.readString(file);
    write(without(whole, "c"));
    Rereading again = Kinds.reader(Map.of(), Map.of(), lab.cluster().folder()).again(file);
    wiring = Wiring.start(lab.configuration(), "test", again);
    String token = Files.readString(Wiring.tokenFile(lab.configuration())).strip();
    api =
        new Api(
            Server.parse(wiring.uri().toString(), "test"),
            new Credentials(Map.of("COT_TOKEN", token)));
  }

  @AfterEach
  void close() throws IOException {
    wiring.close();
    lab.close();
  }

  private static String without(String text, String member) {
    return text.replaceAll("(?m)^ *- \\{name: " + Pattern.quote(member) + ",.*\\R", "");
  }

  private void write(String text) throws IOException {
    Files.writeString(file, text);
  }

  private ResourceView view() {
    return wiring.control().resource(ORDERS).orElseThrow();
  }

  private String story() {
    StringBuilder text = new StringBuilder(view().diagnosis().sentence());
    view().members().forEach(each -> text.append('\n').append(each));
    for (Operation operation : view().operations()) {
      text.append('\n').append(operation.id()).append(' ').append(operation.type());
      text.append(' ').append(operation.state()).append(' ').append(operation.note());
    }
    return text.toString();
  }

  private void awaitWhole(int members) {
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          assertThat(view().leading()).as("%s", story()).isTrue();
          assertThat(view().diagnosis().code()).as("%s", story()).isEqualTo("healthy");
          assertThat(view().inSync()).as("%s", story()).isTrue();
          assertThat(view().operations()).allMatch(each -> each.state().ended());
          assertThat(view().links()).as("%s", story()).hasSize(members - 1);
          assertThat(view().ledger().get("quorum", "").split(",")).hasSize(members - 1);
        });
  }

  private String primary() {
    return view().members().stream()
        .filter(MemberView::writable)
        .map(member -> member.id().name())
        .findFirst()
        .orElse("none");
  }

  private Node apply(boolean dryRun) {
    return api.post("/api/v1/configuration/apply", Map.of("dryRun", dryRun), Map.of()).body();
  }

  private static List<String> changes(Node report) {
    return report.list("changes").stream()
        .map(each -> each.text("what") + " " + each.text("change") + " " + each.text("state"))
        .toList();
  }

  private Node ofRecord() {
    return api.get("/api/v1/configuration").list("resources").getFirst();
  }

  private List<String> checks() {
    return api.get("/api/v1/doctor").list("checks").stream()
        .filter(each -> !each.flag("ok"))
        .map(each -> each.text("name") + ": " + each.text("sentence"))
        .toList();
  }

  @Test
  @DisplayName(
      "a replica comes, a policy changes, bad files change nothing, a replica goes, all is released")
  void applied() throws IOException {
    await().atMost(LONG).until(() -> view().leading());
    Command create =
        new Command.Begin(new Actor("eve"), "create", Details.of("primary", "a"), null, false);
    assertThat(wiring.control().command(ORDERS, create).join()).isInstanceOf(Reply.Accepted.class);
    awaitWhole(2);
    assertThat(ofRecord().number("generation")).isEqualTo(1);
    badFileChangesNothing();
    replicaComesAndPolicyChanges();
    primaryStays();
    replicaGoes();
    released();
  }

  private void badFileChangesNothing() throws IOException {
    long epoch = view().epoch();
    write(whole.replace("quorum: 1", "quorum: 9").replace("automatic: true", "automtic: true"));
    assertThatThrownBy(() -> apply(false))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("quorum: 9 is more than")
        .hasMessageContaining("automtic");
    assertThat(view().epoch()).isEqualTo(epoch);
    assertThat(view().members()).hasSize(2);
    assertThat(checks()).anyMatch(check -> check.contains("has changed and cannot be used"));
  }

  private void replicaComesAndPolicyChanges() throws IOException {
    String next =
        whole
            .replace("automatic: true", "automatic: true, hold: 7m")
            .replaceFirst("listen: .*", "listen: 127.0.0.1:1");
    write(next);
    assertThat(checks()).anyMatch(check -> check.contains("not in force yet: postgres/orders"));
    assertThat(changes(apply(true)))
        .containsExactly("postgres/orders changed planned", "listen changed restart");
    assertThat(view().members()).hasSize(2);
    Node report = apply(false);
    assertThat(changes(report))
        .containsExactly("postgres/orders changed applied", "listen changed restart");
    assertThat(report.list("changes").getFirst().list("lines"))
        .extracting(Node::text)
        .contains("~ failover.hold = 0ms -> 7m", "~ members = a b -> a b c");
    awaitWhole(3);
    assertThat(primary()).as("%s", story()).isEqualTo("a");
    assertThat(lab.cluster().processes("c").running()).isTrue();
    assertThat(ofRecord().number("generation")).isEqualTo(2);
    assertThat(ofRecord().flag("agrees")).isTrue();
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThat(wiring.control().events(ORDERS, 0, 1000))
                .extracting(Store.LoggedEvent::event)
                .anyMatch(event ->
                    event.code().equals("configuration-changed")
                        && event.text().contains("failover.hold")));
  }

  private void primaryStays() throws IOException {
    write(without(whole, "a"));
    assertThatThrownBy(() -> apply(false))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("a is its primary")
        .hasMessageContaining("cot switchover");
    assertThat(view().members()).hasSize(3);
  }

  private void replicaGoes() throws IOException {
    write(without(whole, "b"));
    assertThat(changes(apply(false))).containsExactly("postgres/orders changed applied");
    awaitWhole(2);
    assertThat(view().members()).extracting(each -> each.id().name()).containsExactly("a", "c");
    assertThat(view().ledger().get("members", "")).isEqualTo("a,c");
    assertThat(view().operations())
        .filteredOn(each -> each.type().equals("forget"))
        .singleElement()
        .matches(each -> each.state().toString().equals("DONE"));
    assertThat(lab.cluster().processes("b").running()).isTrue();
  }

  private void released() throws IOException {
    write(whole.substring(0, whole.indexOf("postgres:")));
    assertThat(changes(apply(false))).containsExactly("postgres/orders released applied");
    assertThat(wiring.control().resources()).isEmpty();
    assertThat(ofRecord().flag("released")).isTrue();
    for (String member : List.of("a", "b", "c")) {
      assertThat(lab.cluster().processes(member).running()).as(member).isTrue();
    }
    write(without(whole, "b"));
    assertThat(changes(apply(false))).containsExactly("postgres/orders added applied");
    awaitWhole(2);
    assertThat(ofRecord().number("generation")).isEqualTo(5);
  }
}
