package io.cotidal.feeds.transfer;

import static io.cotidal.feeds.transfer.Master.noise;
import static io.cotidal.feeds.transfer.Master.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cotidal.feeds.job.Blob;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.feeds.transfer.TransferException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
@DisplayName("many files, relays and previews, with a real SSH server and rsync")
final class ManyFilesIT {
  @TempDir static Path state;
  private static Master master;
  private Replica replica;

  @BeforeAll
  static void begin() throws Exception {
    master = Master.start(state);
  }

  @AfterAll
  static void end() throws Exception {
    if (master != null) {
      master.close();
    }
  }

  @BeforeEach
  void open(TestInfo test) throws Exception {
    String name = test.getTestMethod().orElseThrow().getName();
    replica = Replica.of(master, master.settings(state.resolve("cache " + name)));
  }

  @Test
  @DisplayName("hundreds of documents come over one connection, and each has its own result")
  void many() throws Exception {
    List<Blob> blobs = new ArrayList<>(master.documents("many", 300, 2_000));
    Blob missing = master.unpinned("many/none/doc.json");
    Blob wrong = new Blob(blobs.get(7).host(), blobs.get(7).path(), "1".repeat(32));
    Blob hostile = new Blob("-x", "/y", "");
    Blob large = master.publish("many/large", noise(21, (int) Wants.DOCUMENT.maxBytes() + 1));
    Blob elsewhere = new Blob(master.server().user() + "@127.9.9.9", "/x", "");
    blobs.addAll(List.of(missing, wrong, hostile, large, elsewhere));
    Map<Blob, Fetched> all = replica.transfer().fetchAll(blobs, soon());
    assertThat(all.keySet()).containsExactlyElementsOf(blobs);
    for (int i = 0; i < 300; i++) {
      assertThat(all.get(blobs.get(i)))
          .isInstanceOfSatisfying(Fetched.Here.class, here -> assertThat(here.path()).exists());
    }
    assertThat(failure(all, missing)).isEqualTo(Kind.MISSING);
    assertThat(failure(all, wrong)).isEqualTo(Kind.CORRUPT);
    assertThat(failure(all, hostile)).isEqualTo(Kind.REFUSED);
    assertThat(failure(all, large)).isEqualTo(Kind.REFUSED);
    // Nothing listens there, or the key of that address is not pinned.
    assertThat(failure(all, elsewhere)).isIn(Kind.UNREACHABLE, Kind.UNKNOWN_HOST);
    assertThat(replica.staging()).isEmpty();
    master.server().stop();
    try {
      Map<Blob, Fetched> again = replica.transfer().fetchAll(blobs.subList(0, 300), soon());
      assertThat(again.values()).allMatch(each -> each instanceof Fetched.Here);
    } finally {
      master.server().start();
    }
  }

  private static Kind failure(Map<Blob, Fetched> all, Blob blob) {
    Fetched fetched = all.get(blob);
    assertThat(fetched).as(blob.toString()).isInstanceOf(Fetched.Failed.class);
    return ((Fetched.Failed) fetched).problem().kind();
  }

  @Test
  @DisplayName("one connection that never comes is one failure for each of its documents")
  void nobodyThere() throws Exception {
    List<Blob> blobs = master.documents("nobody", 3, 10);
    master.server().stop();
    try {
      Map<Blob, Fetched> all = replica.transfer().fetchAll(blobs, soon());
      blobs.forEach(blob -> assertThat(failure(all, blob)).isEqualTo(Kind.UNREACHABLE));
    } finally {
      master.server().start();
    }
  }

  @Test
  @DisplayName("feeds/S18: a relay serves while the master is away; equal names do not collide")
  void relay() throws Exception {
    byte[] one = noise(22, 300_000);
    byte[] two = noise(23, 300_000);
    Blob first = master.publish("download/sites/1/roads.db", one);
    Blob second = master.publish("download/parks/1/roads.db", two);
    master.put("download/sites/roads.sld", noise(24, 30));
    master.put("download/parks/roads.sld", noise(25, 30));
    Blob style = master.unpinned("download/sites/roads.sld");
    Blob other = master.unpinned("download/parks/roads.sld");
    Cache relay = new Cache(master.inbox("relay").resolve("cache"), 1L << 30);
    relay.serve(true);
    Transfer upstream = master.transfer(master.settings(relay.folders().root()));
    for (Blob blob : List.of(first, second, style, other)) {
      upstream.fetch(blob, Wants.ANY, soon(), Progress.NONE);
    }
    // In the field the account that serves is the one that fetched.
    give(relay.folders().root());
    Files.move(master.files().resolve("download"), master.files().resolve("away"));
    Blob absent = master.unpinned("download/sites/absent.sld");
    Replica subscriber = Replica.of(master, relayed(relay.folders().root()));
    assertThat(subscriber.fetch(first)).hasBinaryContent(one);
    assertThat(subscriber.fetch(second)).hasBinaryContent(two);
    Map<Blob, Fetched> documents =
        subscriber.transfer().fetchAll(List.of(style, other, first, absent), soon());
    assertThat(((Fetched.Here) documents.get(style)).path()).hasBinaryContent(noise(24, 30));
    assertThat(((Fetched.Here) documents.get(other)).path()).hasBinaryContent(noise(25, 30));
    assertThat(documents.get(first)).isInstanceOf(Fetched.Here.class);
    assertThat(((Fetched.Failed) documents.get(absent)).problem())
        .hasMessageContaining("absent.sld")
        .hasMessageContaining("the relay must serve");
    TransferException missing = subscriber.problem(absent);
    assertThat(missing.kind()).isEqualTo(Kind.MISSING);
    assertThat(missing).hasMessageContaining("the relay must serve");
  }

  private FeedsSpec.Transfer relayed(Path folder) {
    return new FeedsSpec.Transfer(
        replica.settings().cache(),
        replica.settings().budgetBytes(),
        replica.settings().identity(),
        replica.settings().knownHosts(),
        replica.settings().port(),
        replica.settings().connect(),
        Optional.of(new FeedsSpec.Relay(master.host(), folder + "/")),
        false,
        "");
  }

  private static void give(Path folder) throws Exception {
    String account = master.server().account();
    if (!account.isEmpty()) {
      int done =
          new ProcessBuilder("/usr/bin/chown", "-R", account, folder.toString()).start().waitFor();
      assertThat(done).isZero();
    }
  }

  @Test
  @DisplayName(
      "a preview is sent: folders are made, others stay as they are, a link is no obstacle")
  void preview() throws Exception {
    Path inbox = master.inbox("previews");
    Path linked = master.inbox("linked");
    Files.createSymbolicLink(inbox.resolve("link"), Path.of("..").resolve(linked.getFileName()));
    FileTime before = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
    Files.setLastModifiedTime(linked, before);
    Path picture = Files.write(state.resolve("picture.png"), noise(27, 900));
    Blob to = new Blob(master.host(), inbox + "/replica/kmi/sites/parcels.png", "");
    replica.transfer().send(picture, to, soon());
    assertThat(Path.of(to.path())).hasBinaryContent(noise(27, 900));
    assertThat(Files.getPosixFilePermissions(Path.of(to.path())))
        .isEqualTo(PosixFilePermissions.fromString("rw-r--r--"));
    Files.write(picture, noise(28, 901));
    replica.transfer().send(picture, to, soon());
    assertThat(Path.of(to.path())).hasBinaryContent(noise(28, 901));
    replica.transfer().send(picture, new Blob(master.host(), inbox + "/link/p.png", ""), soon());
    assertThat(inbox.resolve("link")).isSymbolicLink();
    assertThat(linked.resolve("p.png")).hasBinaryContent(noise(28, 901));
  }

  @Test
  @DisplayName("a preview that the master does not take, or that would leave its place, fails")
  void previewRefused() throws Exception {
    Path picture = Files.write(state.resolve("refused.png"), noise(29, 10));
    Blob outside = new Blob(master.host(), "/proc/nobody/x.png", "");
    TransferException problem =
        catchThrowableOfType(
            TransferException.class, () -> replica.transfer().send(picture, outside, soon()));
    assertThat(problem.kind()).isEqualTo(Kind.UNREACHABLE);
    TransferException refused =
        catchThrowableOfType(
            TransferException.class,
            () -> replica.transfer().send(picture, new Blob(master.host(), "/a/../b", ""), soon()));
    assertThat(refused.kind()).isEqualTo(Kind.REFUSED);
    TransferException gone =
        catchThrowableOfType(
            TransferException.class,
            () -> replica.transfer().send(state.resolve("none.png"), outside, soon()));
    assertThat(gone.kind()).isEqualTo(Kind.LOCAL);
    assertThat(replica.staging()).isEmpty();
  }
}
