package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cotidal.app.HaltingStore.Order;
import io.cotidal.app.HaltingStore.Side;
import io.cotidal.cli.api.Node;
import io.cotidal.lab.DemoCluster;
import io.cotidal.lab.PostgresBinaries;
import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.OsUser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The daemon is killed at every commit of a restore's rows, and started again. */
@Tag("slow")
@Timeout(900)
final class RestoreCrashIT {
  private static final Duration LONG = Duration.ofSeconds(90);
  private static final Duration SECOND = Duration.ofSeconds(5);
  private static final String TARGET = "{\"to-name\": \"before\"}";

  /** More than a restore has commits, on both sides of them. */
  private static final int MOST = 32;

  private final List<Integer> ports = new ArrayList<>();

  @Test
  @DisplayName("postgres/S31: kill -9 of the daemon before and after every commit of a restore")
  void everyCommit() throws Exception {
    Optional<Path> bin = PostgresBinaries.installed(15);
    Assumptions.assumeTrue(bin.isPresent(), "PostgreSQL 15 is not installed");
    try (ClusterLab lab = ClusterLab.open(bin.get())) {
      Path archive = configure(lab, bin.get());
      Path order = lab.cluster().folder().resolve("halt");
      DaemonProcess daemon = DaemonProcess.halting(lab, order);
      prepare(lab, daemon, archive);
      int used = 0;
      for (Side side : List.of(Side.AFTER, Side.BEFORE)) {
        int commit = 1;
        while (round(lab, daemon, order, new Order(side, commit, used + 1), ++used)) {
          commit++;
        }
        assertThat(commit).as("with hardly any commit nothing would be shown").isGreaterThan(5);
        System.out.println("measured: killed " + side + " each of " + (commit - 1) + " commits");
      }
    }
  }

  private Path configure(ClusterLab lab, Path bin) throws IOException {
    DemoCluster cluster = lab.cluster();
    Path archive = Files.createDirectory(cluster.folder().resolve("archive"));
    Optional<OsUser> account = new LocalProcesses().user(cluster.user());
    if (account.isPresent()) {
      account.get().own(archive);
    }
    Path file = cluster.configuration();
    StringBuilder text =
        new StringBuilder(
            Files.readString(file)
                .replace(
                    "    settings:\n",
                    "    archive: {folder: \"" + archive + "\"}\n    settings:\n"));
    for (int i = 1; i <= MOST; i++) {
      ports.add(lab.registry().port());
      text.append(then(cluster, bin, archive, i));
    }
    Files.writeString(file, text);
    return archive;
  }

  private String then(DemoCluster cluster, Path bin, Path archive, int number) {
    return """
      then%d:
        mode: manage
        quorum: 0
        defaults: {bin: "%s", %shost: 127.0.0.1}
        members: [{name: x, port: %d, data: "%s"}]
        superuser: {name: %s, password: {secret: "file:%s"}}
        replication: {name: replicator, password: {secret: "file:%s"}}
        restore: {folder: "%s"}
    """
        .formatted(
            number,
            bin,
            cluster.user().isEmpty() ? "" : "user: " + cluster.user() + ", ",
            ports.get(number - 1),
            data(cluster, number),
            cluster.login().user(),
            cluster.folder().resolve("superuser.password"),
            cluster.folder().resolve("replication.password"),
            archive);
  }

  private static Path data(DemoCluster cluster, int number) {
    return cluster.folder().resolve("then" + number);
  }

  private static String resource(int number) {
    return "/api/v1/resources/postgres/then" + number;
  }

  private void prepare(ClusterLab lab, DaemonProcess daemon, Path archive) throws Exception {
    await().atMost(LONG).until(() -> Views.leads(daemon.view()));
    assertThat(daemon.begin("create", "create", "{}").status()).isEqualTo(202);
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(Views.whole(daemon.view())).as(daemon::story).isTrue());
    assertThat(daemon.beginOnceFree("backup", "backup", "{}").status()).isEqualTo(202);
    await().atMost(LONG).until(() -> bases(archive) == 1);
    int port = lab.cluster().member(Views.primary(daemon.view()).orElseThrow()).port();
    String segment;
    try (PgSession session = session(lab.cluster(), port)) {
      session.run("CREATE TABLE item (n int)", SECOND);
      session.run("INSERT INTO item VALUES (1), (2)", SECOND);
      session.run("SELECT pg_create_restore_point('before')", SECOND);
      session.run("DROP TABLE item", SECOND);
      segment =
          session.one("SELECT pg_walfile_name(pg_switch_wal())", SECOND, row -> row.getString(1));
    }
    await().atMost(LONG).until(() -> Files.exists(archive.resolve(segment)));
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(Views.whole(daemon.view())).as(daemon::story).isTrue());
  }

  private static long bases(Path archive) throws IOException {
    Path folder = archive.resolve("base");
    if (!Files.exists(folder)) {
      return 0;
    }
    try (Stream<Path> each = Files.list(folder)) {
      return each.filter(base -> Files.exists(base.resolve("cotidal.backup"))).count();
    }
  }

  /** One cluster is restored; false if that had ended before the ordered commit. */
  private boolean round(ClusterLab lab, DaemonProcess daemon, Path order, Order halt, int number)
      throws Exception {
    halt.write(order);
    try {
      int status = daemon.begin(resource(number), "restore", "key" + number, TARGET).status();
      assertThat(status).as(daemon::story).isEqualTo(202);
    } catch (IOException e) {
      // The answer died with the daemon.
      await().atMost(LONG).until(() -> !daemon.alive());
    }
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThat(!daemon.alive() || healthy(daemon, number))
                .as(() -> halt + " " + view(daemon, number))
                .isTrue());
    boolean halted = !daemon.alive();
    Files.delete(order);
    if (halted) {
      daemon.again();
      await().atMost(LONG).until(() -> Views.leads(view(daemon, number)));
      // What a client does that got no answer.
      assertThat(daemon.begin(resource(number), "restore", "key" + number, TARGET).status())
          .as("%s", halt)
          .isBetween(200, 202);
      await()
          .atMost(LONG)
          .untilAsserted(() ->
              assertThat(healthy(daemon, number))
                  .as(() -> halt + " " + view(daemon, number) + daemon.lastWords())
                  .isTrue());
    }
    check(lab.cluster(), halt, number);
    return halted;
  }

  private void check(DemoCluster cluster, Order halt, int number) throws IOException, PgException {
    try (PgSession session = session(cluster, ports.get(number - 1))) {
      String rows =
          session.one("SELECT count(*) FROM item", SECOND, row -> String.valueOf(row.getString(1)));
      assertThat(rows).as("%s", halt).isEqualTo("2");
    }
    Path data = data(cluster, number);
    try (Stream<String> lines =
        Files.lines(
            data.resolveSibling(data.getFileName() + ".log"), StandardCharsets.ISO_8859_1)) {
      assertThat(lines.filter(line -> line.contains("received promote request")).count())
          .as("promotions; %s", halt)
          .isEqualTo(1);
    }
  }

  private static Node view(DaemonProcess daemon, int number) {
    try {
      return daemon.get(resource(number)).body();
    } catch (IOException e) {
      return Node.NONE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Node.NONE;
    }
  }

  private static boolean healthy(DaemonProcess daemon, int number) {
    Node view = view(daemon, number);
    return view.at("diagnosis").text("code").equals("healthy")
        && view.list("operations").stream().allMatch(Views::ended);
  }

  private static PgSession session(DemoCluster cluster, int port) throws PgException {
    return PgSession.open(
        new Login(
            "127.0.0.1",
            port,
            "postgres",
            cluster.login().user(),
            cluster.login().password(),
            "test"),
        SECOND);
  }
}
