package io.cotidal.feeds.transfer;

import static io.cotidal.feeds.transfer.Master.md5;
import static io.cotidal.feeds.transfer.Master.noise;
import static io.cotidal.feeds.transfer.Master.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.job.Blob;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.feeds.transfer.TransferException.Kind;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
@DisplayName("files from a master, with its real SSH server and rsync")
final class TransferIT {
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
  @DisplayName("a file comes, is verified, is for us alone, and is asked for once")
  void comes() throws Exception {
    byte[] bytes = noise(1, 700_000);
    Blob blob = master.publish("full_data/kmi/sites/7/parcels.db", bytes);
    Counted counted = new Counted();
    Path path = replica.fetch(blob, counted);
    assertThat(path)
        .hasBinaryContent(bytes)
        .startsWith(replica.settings().cache().resolve("sha256"));
    assertThat(Files.getPosixFilePermissions(path))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(counted.all()).hasSize(1).allMatch(traffic -> traffic.literal() == bytes.length);
    assertThat(replica.partials()).isEmpty();
    assertThat(replica.staging()).isEmpty();
    Files.delete(Path.of(blob.path()));
    assertThat(replica.fetch(blob)).isEqualTo(path);
  }

  @Test
  @DisplayName("feeds/S15: odd names are nobody's options, patterns or commands")
  void oddNames() throws Exception {
    List<String> names =
        List.of(
            "--rsync-path=touch x",
            "a b'c\"d.sld",
            "*",
            "?[a]{b}",
            "$(touch x)`id`;x",
            "#comment",
            "caf\u00e9.sld",
            "-e sh",
            "~",
            "back\\slash");
    Map<Blob, byte[]> expected = new LinkedHashMap<>();
    int seed = 100;
    for (String name : names) {
      // The test's own language may not have the name: the shell's printf makes it from bytes.
      byte[] bytes = noise(seed++, 50);
      if (Names.ascii(name)) {
        master.put("odd/" + name, bytes);
      } else {
        Path file = master.put("odd/plain", bytes);
        new ProcessBuilder("/bin/sh", "-c", "mv plain \"$(printf 'caf\\303\\251.sld')\"")
            .directory(file.resolveSibling(".").toFile())
            .start()
            .waitFor();
      }
      expected.put(new Blob(master.host(), master.files() + "/odd/" + name, md5(bytes)), bytes);
    }
    for (Map.Entry<Blob, byte[]> each : List.copyOf(expected.entrySet()).subList(0, 6)) {
      assertThat(replica.fetch(each.getKey()))
          .as(each.getKey().path())
          .hasBinaryContent(each.getValue());
    }
    FeedsSpec.Transfer fresh = master.settings(state.resolve("cache odd many"));
    Map<Blob, Fetched> all = master.transfer(fresh).fetchAll(expected.keySet(), soon());
    all.forEach(
        (blob, fetched) -> assertThat(fetched).as(blob.path()).isInstanceOf(Fetched.Here.class));
    assertThat(all.keySet()).containsExactlyElementsOf(expected.keySet());
  }

  @Test
  @DisplayName("feeds/S15: hostile names are refused before anything is run")
  void hostileNames() throws Exception {
    assertThat(replica.kind(new Blob(master.host(), "/../../etc/passwd", "")))
        .isEqualTo(Kind.REFUSED);
    assertThat(replica.kind(new Blob("-oProxyCommand=touch${IFS}x", "/etc/passwd", "")))
        .isEqualTo(Kind.REFUSED);
    assertThat(replica.settings().cache()).doesNotExist();
  }

  @Test
  @DisplayName("a link at the master is followed there; none is ever made here")
  void links() throws Exception {
    byte[] bytes = noise(2, 100);
    Path file = master.put("real.db", bytes);
    Files.createSymbolicLink(file.resolveSibling("link.db"), file);
    Files.createSymbolicLink(file.resolveSibling("dangling"), Path.of("/nowhere"));
    Path path = replica.fetch(master.blob("link.db", bytes));
    assertThat(Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)).isTrue();
    assertThat(path).hasBinaryContent(bytes);
    assertThat(replica.kind(master.unpinned("dangling"))).isEqualTo(Kind.MISSING);
    Files.createDirectories(master.files().resolve("folder"));
    assertThat(replica.kind(master.unpinned("folder"))).isEqualTo(Kind.MISSING);
    assertThat(replica.partials().stream().filter(Files::isSymbolicLink)).isEmpty();
  }

  @Test
  @DisplayName("feeds/S2: a wrong checksum or a cut-off file: corrupt, thrown away, good next time")
  void corrupt() throws Exception {
    byte[] bytes = noise(3, 400_000);
    Blob blob = master.blob("dump.db", bytes);
    byte[] flipped = bytes.clone();
    flipped[200_000] ^= 1;
    master.put("dump.db", flipped);
    TransferException problem = replica.problem(blob);
    assertThat(problem.kind()).isEqualTo(Kind.CORRUPT);
    assertThat(problem).hasMessageContainingAll("dump.db", md5(flipped), md5(bytes));
    assertThat(replica.partials()).isEmpty();
    assertThat(replica.cache().find(blob)).isEmpty();
    master.put("dump.db", Arrays.copyOf(bytes, 399_999));
    assertThat(replica.kind(blob)).isEqualTo(Kind.CORRUPT);
    assertThat(replica.kind(new Blob(blob.host(), blob.path(), "0".repeat(32))))
        .isEqualTo(Kind.CORRUPT);
    assertThat(Folders.files(replica.settings().cache().resolve("sha256"))).isEmpty();
    master.put("dump.db", bytes);
    assertThat(replica.fetch(blob)).hasBinaryContent(bytes);
  }

  @Test
  @DisplayName("feeds/S3: a host whose key is unknown or another is refused, and nothing is made")
  void unknownHost() throws Exception {
    Blob blob = master.publish("known.db", noise(7, 10));
    FeedsSpec.Transfer like = replica.settings();
    for (String text : List.of("", Replica.falseKey(master.server()))) {
      Path known = Files.writeString(state.resolve("known" + text.length()), text);
      TransferException problem =
          Replica.of(master, Replica.changed(like, like.identity(), known, like.port()))
              .problem(blob);
      assertThat(problem.kind()).isEqualTo(Kind.UNKNOWN_HOST);
      assertThat(problem).hasMessageContaining("known hosts");
      assertThat(Files.readString(known)).isEqualTo(text);
    }
    assertThat(replica.cache().find(blob)).isEmpty();
  }

  @Test
  @DisplayName("a host that does not answer, or lets our key not in, is unreachable")
  void unreachable() throws Exception {
    Blob blob = master.publish("reach.db", noise(8, 10));
    FeedsSpec.Transfer like = replica.settings();
    TransferException problem =
        Replica.of(
                master,
                Replica.changed(like, master.server().stranger(), like.knownHosts(), like.port()))
            .problem(blob);
    assertThat(problem.kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(problem).hasMessageContaining("authorized_keys");
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    TransferException refused =
        Replica.of(master, Replica.changed(like, like.identity(), like.knownHosts(), closed))
            .problem(blob);
    assertThat(refused.kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(refused).hasMessageContaining("Connection refused");
  }

  @Test
  @DisplayName("missing, unreadable and too large files are told apart")
  void absent() throws Exception {
    assertThat(replica.kind(master.unpinned("none.db"))).isEqualTo(Kind.MISSING);
    assertThat(replica.kind(master.unpinned("no/folder/none.db"))).isEqualTo(Kind.MISSING);
    Path secret = master.put("secret.db", noise(9, 10));
    if (!master.server().account().isEmpty()) {
      Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
      TransferException problem = replica.problem(master.unpinned("secret.db"), Wants.ANY);
      assertThat(problem.kind()).isEqualTo(Kind.MISSING);
      assertThat(problem).hasMessageContaining("may not read");
    }
    Blob large = master.publish("toolarge.json", noise(10, 5_000));
    assertThat(replica.problem(large, new Wants(4_999)).kind()).isEqualTo(Kind.REFUSED);
    assertThat(replica.transfer().fetch(large, new Wants(5_000), soon(), Progress.NONE)).exists();
  }

  @Test
  @DisplayName("a file without a checksum is asked for again, and comes again if it changed")
  void unpinned() throws Exception {
    Path file = master.put("style.sld", noise(11, 100));
    Blob blob = master.unpinned("style.sld");
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(600)));
    Counted counted = new Counted();
    Path first = replica.transfer().fetch(blob, Wants.DOCUMENT, soon(), counted);
    assertThat(replica.transfer().fetch(blob, Wants.DOCUMENT, soon(), counted)).isEqualTo(first);
    assertThat(counted.all()).hasSize(1);
    master.put("style.sld", noise(12, 100));
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(300)));
    assertThat(replica.transfer().fetch(blob, Wants.DOCUMENT, soon(), counted))
        .isNotEqualTo(first)
        .hasBinaryContent(noise(12, 100));
    Files.delete(file);
    assertThat(replica.kind(blob)).isEqualTo(Kind.MISSING);
    assertThat(replica.cache().find(blob)).isPresent();
  }

  @Test
  @DisplayName("a file without a checksum that changes twice within a second is not taken for old")
  void unsettled() throws Exception {
    Path file = master.put("quick.sld", noise(13, 100));
    FileTime now = FileTime.from(Instant.now());
    Files.setLastModifiedTime(file, now);
    replica.fetch(master.unpinned("quick.sld"));
    master.put("quick.sld", noise(14, 100));
    Files.setLastModifiedTime(file, now);
    assertThat(replica.fetch(master.unpinned("quick.sld"))).hasBinaryContent(noise(14, 100));
  }

  @Test
  @DisplayName("eight who want one file at the same time cause one download")
  void together() throws Exception {
    byte[] bytes = noise(15, 500_000);
    Blob blob = master.publish("wanted.db", bytes);
    Counted counted = new Counted();
    try (var threads = Executors.newFixedThreadPool(8)) {
      List<Callable<Path>> asked = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        // Each with a cache of its own over the same folder, as separate processes have.
        Transfer own = master.transfer(replica.settings());
        asked.add(() -> own.fetch(blob, Wants.ANY, soon(), counted));
      }
      for (Future<Path> each : threads.invokeAll(asked)) {
        assertThat(each.get()).hasBinaryContent(bytes);
      }
    }
    assertThat(counted.all()).hasSize(1);
  }

  @Test
  @DisplayName("a prefix is put before the paths of the master, but not before a relay's")
  void prefix() throws Exception {
    byte[] bytes = noise(26, 10);
    master.put("root/opt/x.db", bytes);
    FeedsSpec.Transfer s = replica.settings();
    FeedsSpec.Transfer prefixed =
        new FeedsSpec.Transfer(
            s.cache(),
            0,
            s.identity(),
            s.knownHosts(),
            s.port(),
            s.connect(),
            s.relay(),
            false,
            master.files() + "/root/");
    Blob blob = new Blob(master.host(), "/opt/x.db", md5(bytes));
    assertThat(master.transfer(prefixed).fetch(blob, Wants.ANY, soon(), Progress.NONE))
        .hasBinaryContent(bytes);
  }
}
