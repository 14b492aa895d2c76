package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.cli.api.Node;
import io.cotidal.lab.Acknowledgements;
import io.cotidal.lab.Prober;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The database does not need the daemon. */
@Tag("slow")
@Timeout(900)
final class DaemonGoneIT {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration GONE = Duration.ofMinutes(10);

  private ClusterLab lab;
  private DaemonProcess daemon;

  @BeforeEach
  void open() throws IOException, InterruptedException {
    lab = ClusterLab.open();
    daemon = DaemonProcess.serve(lab);
    await().atMost(LONG).until(() -> Views.leads(daemon.view()));
    assertThat(daemon.begin("create", "create", "{}").status()).isEqualTo(202);
    awaitWhole();
  }

  @AfterEach
  void close() throws IOException {
    lab.close();
  }

  private void awaitWhole() {
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(Views.whole(daemon.view())).as(daemon::story).isTrue());
  }

  /** What must be the same afterwards. */
  private record Standing(String primary, long operations, List<String> links, Set<Long> servers) {}

  private Standing standing() throws IOException {
    Node view = daemon.view();
    Set<Long> postmasters = Set.of(postmaster("a"), postmaster("b"), postmaster("c"));
    return new Standing(
        Views.primary(view).orElseThrow(),
        Views.lastNumber(view),
        view.list("links").stream()
            .map(link -> link.text("from") + link.text("to") + link.text("state"))
            .sorted()
            .collect(Collectors.toList()),
        postmasters);
  }

  private long postmaster(String member) throws IOException {
    return lab.cluster().processes(member).list().getFirst().pid();
  }

  @Test
  @DisplayName("the daemon gone for 10 minutes: the database goes on taking writes")
  void gone() throws IOException, InterruptedException, SQLException {
    Standing before = standing();
    try (Prober prober = Prober.start(lab.cluster().members(), lab.cluster().login(), 1)) {
      daemon.kill();
      long from = System.nanoTime();
      await()
          .pollInterval(Duration.ofSeconds(1))
          .during(GONE)
          .atMost(GONE.plusSeconds(30))
          .until(() -> prober.acknowledgements().gap(from, System.nanoTime()).toSeconds() < 3);
      long to = System.nanoTime();
      daemon.again();
      awaitWhole();
      Acknowledgements all = prober.acknowledgements();
      assertThat(standing()).as(daemon::story).isEqualTo(before);
      assertThat(all.lost(prober.present(before.primary(), 1))).isZero();
      System.out.printf(
          "measured: the daemon gone for %d s: %d writes acknowledged, longest gap %d ms, nothing changed%n",
          Duration.ofNanos(to - from).toSeconds(),
          all.count(before.primary(), from),
          all.gap(from, to).toMillis());
    }
  }
}
