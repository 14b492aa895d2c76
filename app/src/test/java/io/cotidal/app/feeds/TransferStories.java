package io.cotidal.app.feeds;

import static io.cotidal.app.feeds.ReplicaDesk.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.app.copies.CommandLine;
import io.cotidal.lab.FaultProxy.Way;
import io.cotidal.lab.LoopVolume;
import io.cotidal.lab.SshServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Files that do not come as they should. */
final class TransferStories {
  private static final Duration SLOW = Duration.ofMillis(60);

  private final FeedsScene scene;
  private final FeedsLab lab;
  private final ReplicaDesk desk;

  TransferStories(FeedsScene scene) {
    this.scene = scene;
    this.lab = scene.lab;
    this.desk = scene.desk;
  }

  /** A table whose dump has about that many bytes, whatever packs it. */
  private Path large(String workspace, String word, int bytes) throws IOException, SQLException {
    lab.master.table(workspace, "large", 100, word);
    lab.postgis.execute(
        "master",
        """
        CREATE EXTENSION IF NOT EXISTS pgcrypto;
        ALTER TABLE %1$s_data.large ADD noise bytea;
        UPDATE %1$s_data.large SET noise =
          (SELECT string_agg(gen_random_bytes(1000), '') FROM generate_series(1, %2$d) i WHERE id > 0);
        """
            .formatted(workspace, bytes / 100_000));
    Path dump = lab.master.dump(workspace, "large");
    lab.master.publish(workspace, "large", dump, Map.of());
    return dump;
  }

  /** The size of what has come in part of a file. */
  private long partial(Path dump) {
    try (Stream<Path> all = Files.walk(scene.cache.resolve("partial"))) {
      for (Path each : all.filter(file -> file.endsWith(dump.getFileName())).toList()) {
        return Files.size(each);
      }
    } catch (IOException e) {
      // Nothing has come, or it is just being renamed.
      return 0;
    }
    return 0;
  }

  /** Asks for another try at once; perhaps one of its own accord is under way. */
  private void again(String job) {
    CommandLine.Result said = scene.cot("feed", "retry", job, "--feed", FeedsLab.REPLICA);
    assertThat(said.exit() == 0 || said.err().contains(" is running")).as("%s", said).isTrue();
  }

  void dies() throws Exception {
    String job = "layer/dies.large";
    lab.publish("dies", "large", 10, "first");
    desk.inForce(lab.master.commit("small"), job);
    Path dump = large("dies", "second", 8_000_000);
    SshServer ssh = lab.master.ssh();
    String head = lab.master.commit("large");
    scene.transfers.delay(Way.TO_CLIENT, SLOW);
    try {
      await()
          .atMost(LONG)
          .pollInterval(Duration.ofMillis(5))
          .until(() -> partial(dump) > 1_500_000);
      ssh.stop();
      scene.transfers.delay(Way.TO_CLIENT, Duration.ZERO);
      assertThat(desk.fails(job, "see whether the host is up")).contains(dump.toString());
      assertThat(lab.rows("dies.large")).isEqualTo("first 10");
      Files.writeString(
          lab.master.knownHosts(), scene.keys("host " + SshServer.publicKey(ssh.stranger())));
    } finally {
      ssh.start();
    }
    again(job);
    desk.fails(job, "the host's key is not the pinned one");
    long came = partial(dump);
    assertThat(came).isBetween(1_500_000L, Files.size(dump) - 1);
    Files.writeString(lab.master.knownHosts(), scene.keys(ssh.knownHost()));
    long before = scene.transfers.carried(Way.TO_CLIENT);
    again(job);
    desk.inForce(head, job);
    assertThat(lab.rows("dies.large")).isEqualTo("second 100");
    long rest = Files.size(dump) - came;
    // Beside the rest, what SSH says to begin with.
    assertThat(scene.transfers.carried(Way.TO_CLIENT) - before)
        .isBetween(rest, rest + rest / 20 + 100_000);
  }

  void full() throws Exception {
    String impossible = LoopVolume.impossible();
    assumeTrue(impossible.isEmpty(), "SKIPPED, nothing proven: " + impossible);
    String job = "layer/tight.large";
    lab.publish("tight", "large", 10, "first");
    desk.inForce(lab.master.commit("small"), job);
    Path filler = scene.cache.resolveSibling("filler");
    long room = Files.getFileStore(scene.cache).getUsableSpace();
    Files.write(filler, new byte[Math.toIntExact(room - 3_000_000)]);
    String head;
    long left = Files.getFileStore(scene.cache).getUsableSpace();
    try {
      Path _ = large("tight", "second", 6_000_000);
      lab.publish("tight", "other", 11, "other");
      head = lab.master.commit("too large");
      assertThat(desk.fails(job, "no room on the disk of the cache")).contains("free some");
      desk.inForce(head, "layer/tight.other");
      assertThat(lab.rows("tight.large")).isEqualTo("first 10");
      assertThat(lab.rows("tight.other")).isEqualTo("other 11");
      await()
          .atMost(LONG)
          .until(() -> Files.getFileStore(scene.cache).getUsableSpace() > left - 500_000);
    } finally {
      Files.delete(filler);
    }
    again(job);
    desk.inForce(head, job);
    assertThat(lab.rows("tight.large")).isEqualTo("second 100");
  }

  void relay() throws Exception {
    String channel = "\"" + FeedsScene.RELAYED + "\"";
    List<String> jobs = List.of("layer/north.roads", "layer/south.roads");
    for (String workspace : List.of("north", "south")) {
      lab.master.table(workspace, "roads", workspace.equals("north") ? 50 : 51, workspace);
      lab.master.publish(
          workspace, "roads", lab.master.dump(workspace, "roads"), Map.of("channel", channel));
    }
    String head = lab.master.commit("roads");
    desk.inForce(head, jobs);
    // In the field the account that serves is the one that fetched.
    lab.give(scene.cache);
    Path away = lab.master.files().resolveSibling("elsewhere");
    Files.move(lab.master.files(), away);
    try {
      scene.database("leaf");
      scene.besides(
          "leaf",
          lab.replica(
              "leaf",
              Map.of(
                  "channels",
                  FeedsScene.RELAYED,
                  "database",
                  "leaf",
                  "transfer",
                  "relay: {host: %s@127.0.0.1, folder: %s}"
                      .formatted(lab.master.ssh().user(), scene.cache),
                  "more",
                  "skip: {geoserver: true}")));
      scene.desk("leaf").settled(head);
      String words = "SELECT string_agg(DISTINCT category, ',') || ' ' || count(*) FROM ";
      assertThat(lab.value("leaf", words + "north.roads")).isEqualTo("north 50");
      assertThat(lab.value("leaf", words + "south.roads")).isEqualTo("south 51");
    } finally {
      Files.move(away, lab.master.files());
      scene.besides("leaf", "");
    }
  }
}
