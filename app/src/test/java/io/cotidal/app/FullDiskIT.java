package io.cotidal.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.app.config.Configuration;
import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.engine.ResourceView;
import io.cotidal.lab.ClusterSettings;
import io.cotidal.lab.DemoCluster;
import io.cotidal.lab.LoopVolume;
import io.cotidal.lab.Target;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.LinkView;
import io.cotidal.model.MemberView;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.ResourceId;
import io.cotidal.pgclient.Login;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.pgclient.Trouble;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole daemon on three members, of which the primary is on a small disk that becomes full. */
@Tag("slow")
@Timeout(240)
final class FullDiskIT {
  private static final ResourceId ORDERS = new ResourceId("postgres", DemoCluster.RESOURCE);
  private static final Duration LONG = Duration.ofSeconds(90);
  private static final Duration SECONDS = Duration.ofSeconds(10);
  private static final int MIB = 1 << 20;

  private ClusterLab lab;
  private LoopVolume volume;
  private Wiring wiring;

  @BeforeEach
  void open() throws Exception {
    String impossible = LoopVolume.impossible();
    assumeTrue(impossible.isEmpty() || System.getenv("CI") != null, "SKIPPED: " + impossible);
    lab = ClusterLab.open();
    volume = LoopVolume.make(lab.registry(), LoopVolume.Type.EXT4, 400L << 20);
    ClusterSettings settings =
        ClusterSettings.listening(lab.registry().port())
            .member("a", "data: \"" + volume.folder().resolve("a") + "\"");
    lab.cluster().configure(settings);
    Configuration configuration = lab.configuration();
    wiring = Wiring.start(configuration, "test");
    await().atMost(LONG).until(() -> view().leading());
    await().atMost(LONG).until(() -> code().equals("not-created"));
    Command create =
        new Command.Begin(new Actor("eve"), "create", Details.of("primary", "a"), null, false);
    assertThat(wiring.control().command(ORDERS, create).join()).isInstanceOf(Reply.Accepted.class);
    awaitWhole();
  }

  @AfterEach
  void close() throws IOException {
    if (wiring != null) {
      wiring.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  private ResourceView view() {
    return wiring.control().resource(ORDERS).orElseThrow();
  }

  private String code() {
    return view().diagnosis().code();
  }

  private void awaitWhole() {
    await()
        .atMost(LONG)
        .untilAsserted(() -> {
          ResourceView view = view();
          assertThat(view.diagnosis().code()).as("%s", story()).isEqualTo("healthy");
          assertThat(view.inSync()).isTrue();
          assertThat(view.links()).extracting(LinkView::state).containsOnly("streaming");
          assertThat(view.operations()).allMatch(operation -> operation.state().ended());
        });
  }

  private String story() {
    StringBuilder text = new StringBuilder(view().diagnosis().sentence());
    view().members().forEach(member -> text.append('\n').append(member));
    for (Operation operation : view().operations()) {
      text.append('\n').append(operation.id()).append(' ').append(operation.type());
      text.append(' ').append(operation.state()).append(' ').append(operation.note());
      operation.steps().stream()
          .filter(row -> !row.problem().isEmpty())
          .forEach(row -> text.append("\n  ").append(row.key()).append(' ').append(row.problem()));
    }
    return text.toString();
  }

  private String primary() {
    return view().members().stream()
        .filter(MemberView::writable)
        .map(member -> member.id().name())
        .findFirst()
        .orElse("none");
  }

  private List<Operation> ended(String type) {
    return view().operations().stream()
        .filter(operation -> operation.type().equals(type) && operation.state().ended())
        .toList();
  }

  private Path fill(String name, long left) throws IOException {
    Path file = volume.folder().resolve(name);
    try (RandomAccessFile filler = new RandomAccessFile(file.toFile(), "rw")) {
      byte[] block = new byte[MIB];
      while (volume.folder().toFile().getUsableSpace() > left + MIB) {
        filler.write(block);
      }
      filler.getFD().sync();
    }
    return file;
  }

  /** Whether the server has failed; one that is too slow to answer has not. */
  private boolean fails() {
    Target a = lab.cluster().member("a");
    io.cotidal.lab.Login login = lab.cluster().login();
    try (PgSession session =
        PgSession.open(
            new Login(a.host(), a.port(), login.database(), login.user(), login.password(), "test"),
            SECONDS)) {
      for (int i = 0; i < 200; i++) {
        session.run("SELECT pg_logical_emit_message(true, 'fill', repeat('x', 1000000))", SECONDS);
      }
      return false;
    } catch (PgException e) {
      return !(e.trouble() instanceof Trouble.Silent);
    }
  }

  @Test
  @DisplayName(
      "postgres/S14: a full disk is said before the server dies of it; one move, none to and fro,"
          + " and all is well once there is room")
  void full() throws Exception {
    Path filler = fill("filler", 20L << 20);
    await().atMost(LONG).untilAsserted(() -> assertThat(code()).isEqualTo("disk-full"));
    assertThat(view().diagnosis().sentence())
        .contains("the disk of a (" + volume.folder().resolve("a") + ") is full", "make room");
    assertThat(primary()).as("while it answers it is left alone").isEqualTo("a");

    Path rest = fill("rest", 0);
    await().atMost(LONG).until(this::fails);
    await().atMost(LONG).until(() -> List.of("b", "c").contains(primary()));
    String successor = primary();
    await()
        .during(Duration.ofSeconds(15))
        .atMost(LONG)
        .untilAsserted(() -> {
          assertThat(ended("failover")).as("%s", story()).hasSize(1);
          assertThat(primary()).isEqualTo(successor);
        });
    Files.delete(filler);
    Files.delete(rest);
    awaitWhole();
    assertThat(ended("failover")).as("%s", story()).hasSize(1);
    assertThat(ended("failover").getFirst().state()).isEqualTo(OperationState.DONE);
    assertThat(primary()).isEqualTo(successor);
  }
}
