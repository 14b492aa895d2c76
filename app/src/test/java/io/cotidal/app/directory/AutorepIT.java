package io.cotidal.app.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.ResourceApi;
import io.cotidal.app.StartedDaemon;
import io.cotidal.lab.RancherMetadata;
import io.cotidal.lab.RancherMetadata.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A daemon that has nothing but the original's variables, and Rancher's metadata. */
@Timeout(300)
@DisplayName("AutoRep's environment alone")
@Execution(ExecutionMode.CONCURRENT)
final class AutorepIT {
  private static final Duration LONG = Duration.ofMinutes(2);

  private DirectoryLab lab;
  private StartedDaemon daemon;
  private RancherMetadata rancher;
  private ResourceApi api;

  @BeforeEach
  void open() throws Exception {
    lab = DirectoryLab.open();
    rancher = lab.rancher();
  }

  @AfterEach
  void close() throws Exception {
    if (daemon != null) {
      daemon.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  private void run(String... names) {
    rancher.run(List.of(names).stream().map(lab::container).toList());
  }

  private void serve() throws Exception {
    serve(lab.environment(rancher));
  }

  private void serve(Map<String, String> environment) throws Exception {
    daemon = new StartedDaemon(lab.configure(environment));
    api = ResourceApi.of(lab.port, daemon.token(), "directory/autorep");
  }

  private void awaitMesh(String... names) {
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          assertThat(api.settled()).as(api.story()).isTrue();
          for (String name : names) {
            assertThat(lab.agreements(name)).as(name).isEqualTo(lab.others(name, names));
          }
        });
  }

  @Test
  @DisplayName(
      "directory/E4: a container appears and joins; it goes, and is let go of after the grace; directory/D7: its id leaves every vector")
  void comesAndGoes() throws Exception {
    lab.start("a", "b", "c");
    lab.fill("b", 30);
    int entries = lab.entries("b");
    run("a", "b");
    serve();
    awaitMesh("a", "b");
    assertThat(lab.entries("a")).isEqualTo(entries);
    run("a", "b", "c");
    awaitMesh("a", "b", "c");
    assertThat(lab.entries("c")).isEqualTo(entries);
    int gone = lab.id("c");
    run("a", "b");
    awaitMesh("a", "b");
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          assertThat(lab.vector("a")).as(api.story()).doesNotContain(gone);
          assertThat(lab.vector("b")).doesNotContain(gone);
        });
    assertThat(lab.entries("a")).isEqualTo(entries);
  }

  @Test
  @DisplayName(
      "directory/D3: empty, null, missing, failing and garbled answers remove nothing, and are told")
  void badAnswers() throws Exception {
    lab.start("a", "b");
    lab.fill("a", 10);
    run("a", "b");
    // Without a grace whoever were taken for gone would be let go of at once.
    Map<String, String> environment = lab.environment(rancher);
    environment.put("COT_DIRECTORY_GRACE", "0s");
    serve(environment);
    awaitMesh("a", "b");
    for (Answer bad :
        List.of(
            new Answer(200, "[]"),
            new Answer(200, "null"),
            new Answer(404, "\"Not found\""),
            new Answer(500, "oops"),
            new Answer(200, "[{\"name\":"),
            new Answer(200, "<html>sign in</html>"))) {
      rancher.answer(bad);
      int asked = rancher.asked();
      // After failures the pauses double: the third question comes three seconds after the first.
      await().atMost(LONG).until(() -> rancher.asked() > asked + 2);
      assertThat(lab.agreements("a")).as("%s", bad).isEqualTo(lab.others("a", "a", "b"));
      assertThat(lab.agreements("b")).as("%s", bad).isEqualTo(lab.others("b", "a", "b"));
      assertThat(api.view().list("members")).hasSize(2);
      assertThat(api.story()).as("%s", bad).contains("discovery-degraded");
      run("a", "b");
      awaitMesh("a", "b");
    }
  }

  @Test
  @DisplayName(
      "directory/D4: who is away for one answer stays; two of three that stay away wait for an approval")
  void brake() throws Exception {
    lab.start("a", "b", "c");
    lab.fill("a", 10);
    run("a", "b", "c");
    // Who is away for one answer is back before it ends, however slow the machine is.
    Map<String, String> environment = lab.environment(rancher);
    environment.put("COT_DIRECTORY_GRACE", "8s");
    serve(environment);
    awaitMesh("a", "b", "c");
    int asked = rancher.asked();
    run("a");
    await().atMost(LONG).until(() -> rancher.asked() > asked + 1);
    run("a", "b", "c");
    awaitMesh("a", "b", "c");
    assertThat(ResourceApi.operations(api.view()))
        .noneMatch(operation -> operation.text("type").equals("remove"));

    run("a");
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThat(ResourceApi.operations(api.view()))
                .as(api.story())
                .anyMatch(operation ->
                    operation.text("type").equals("remove")
                        && operation.text("state").equals("proposed")));
    assertThat(lab.agreements("a")).isEqualTo(lab.others("a", "a", "b", "c"));
    assertThat(lab.agreements("b")).isEqualTo(lab.others("b", "a", "b", "c"));
  }
}
