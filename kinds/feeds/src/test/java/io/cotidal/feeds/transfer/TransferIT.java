package io.cotidal.feeds.transfer;

import static io.cotidal.feeds.transfer.Master.md5;
import static io.cotidal.feeds.transfer.Master.noise;
import static io.cotidal.feeds.transfer.Master.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.cotidal.feeds.job.Blob;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.feeds.transfer.TransferException.Kind;
import io.cotidal.lab.LoopVolume;
import io.cotidal.lab.SshServer;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.LocalProcesses;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
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
  private FeedsSpec.Transfer settings;
  private Cache cache;
  private Transfer transfer;

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
    settings =
        master.settings(state.resolve("cache " + test.getTestMethod().orElseThrow().getName()));
    cache = new Cache(settings.cache(), settings.budgetBytes());
    transfer = master.transfer(settings);
  }

  /** Counts what was sent. */
  private static final class Counted implements Progress {
    private final List<Traffic> all = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void at(long bytes) {}

    @Override
    public void done(Traffic traffic) {
      all.add(traffic);
    }
  }

  private Path fetch(Blob blob) throws Exception {
    return transfer.fetch(blob, Wants.ANY, soon(), Progress.NONE);
  }

  private static TransferException problem(Transfer transfer, Blob blob, Wants wants) {
    TransferException problem =
        catchThrowableOfType(
            TransferException.class, () -> transfer.fetch(blob, wants, soon(), Progress.NONE));
    assertThat(problem).isNotNull();
    assertThat(problem.getMessage()).doesNotContain("\n").contains("; ");
    return problem;
  }

  private Kind kind(Blob blob) {
    return problem(transfer, blob, Wants.ANY).kind();
  }

  private List<Path> partials() throws Exception {
    return Folders.list(settings.cache().resolve("partial"));
  }

  private static Optional<Path> partial(Path cache) throws Exception {
    for (Path folder : Folders.list(cache.resolve("partial"))) {
      for (Path file : Folders.list(folder)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  @Test
  @DisplayName("a file comes, is verified, is for us alone, and is asked for once")
  void comes() throws Exception {
    byte[] bytes = noise(1, 700_000);
    Blob blob = master.publish("full_data/kmi/sites/7/parcels.db", bytes);
    Counted counted = new Counted();
    Path path = transfer.fetch(blob, Wants.ANY, soon(), counted);
    assertThat(path).hasBinaryContent(bytes).startsWith(settings.cache().resolve("sha256"));
    assertThat(Files.getPosixFilePermissions(path))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(counted.all).hasSize(1).allMatch(traffic -> traffic.literal() == bytes.length);
    assertThat(partials()).isEmpty();
    assertThat(Folders.list(settings.cache().resolve("staging"))).isEmpty();
    Files.delete(Path.of(blob.path()));
    assertThat(fetch(blob)).isEqualTo(path);
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
      assertThat(fetch(each.getKey())).as(each.getKey().path()).hasBinaryContent(each.getValue());
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
    assertThat(kind(new Blob(master.host(), "/../../etc/passwd", ""))).isEqualTo(Kind.REFUSED);
    assertThat(kind(new Blob("-oProxyCommand=touch${IFS}x", "/etc/passwd", "")))
        .isEqualTo(Kind.REFUSED);
    assertThat(settings.cache()).doesNotExist();
  }

  @Test
  @DisplayName("a link at the master is followed there; none is ever made here")
  void links() throws Exception {
    byte[] bytes = noise(2, 100);
    Path file = master.put("real.db", bytes);
    Files.createSymbolicLink(file.resolveSibling("link.db"), file);
    Files.createSymbolicLink(file.resolveSibling("dangling"), Path.of("/nowhere"));
    Path path = fetch(master.blob("link.db", bytes));
    assertThat(Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)).isTrue();
    assertThat(path).hasBinaryContent(bytes);
    assertThat(kind(master.unpinned("dangling"))).isEqualTo(Kind.MISSING);
    Files.createDirectories(master.files().resolve("folder"));
    assertThat(kind(master.unpinned("folder"))).isEqualTo(Kind.MISSING);
    assertThat(partials().stream().filter(Files::isSymbolicLink)).isEmpty();
  }

  @Test
  @DisplayName("feeds/S2: a wrong checksum or a cut-off file: corrupt, thrown away, good next time")
  void corrupt() throws Exception {
    byte[] bytes = noise(3, 400_000);
    Blob blob = master.blob("dump.db", bytes);
    byte[] flipped = bytes.clone();
    flipped[200_000] ^= 1;
    master.put("dump.db", flipped);
    TransferException problem = problem(transfer, blob, Wants.ANY);
    assertThat(problem.kind()).isEqualTo(Kind.CORRUPT);
    assertThat(problem).hasMessageContainingAll("dump.db", md5(flipped), md5(bytes));
    assertThat(partials()).isEmpty();
    assertThat(cache.find(blob)).isEmpty();
    master.put("dump.db", Arrays.copyOf(bytes, 399_999));
    assertThat(kind(blob)).isEqualTo(Kind.CORRUPT);
    assertThat(kind(new Blob(blob.host(), blob.path(), "0".repeat(32)))).isEqualTo(Kind.CORRUPT);
    assertThat(Folders.files(settings.cache().resolve("sha256"))).isEmpty();
    master.put("dump.db", bytes);
    assertThat(fetch(blob)).hasBinaryContent(bytes);
  }

  @Test
  @DisplayName("feeds/S3: the SSH server is killed in mid rsync: the next try sends only the rest")
  void resumes() throws Exception {
    byte[] bytes = noise(4, 12_000_000);
    Blob blob = master.publish("large.db", bytes);
    Transfer slow = master.transfer(settings, "--bwlimit=4000");
    AtomicReference<Exception> trouble = new AtomicReference<>();
    TransferException problem =
        catchThrowableOfType(
            TransferException.class,
            () ->
                slow.fetch(
                    blob,
                    Wants.ANY,
                    soon(),
                    size -> {
                      if (size > 3_000_000) {
                        stop(trouble);
                      }
                    }));
    assertThat(trouble.get()).isNull();
    master.server().start();
    assertThat(problem).isNotNull();
    assertThat(problem.kind()).isEqualTo(Kind.UNREACHABLE);
    long come = Files.size(partial(settings.cache()).orElseThrow());
    assertThat(come).isBetween(3_000_000L, 11_999_999L);
    Counted counted = new Counted();
    assertThat(transfer.fetch(blob, Wants.ANY, soon(), counted)).hasBinaryContent(bytes);
    long rest = bytes.length - come;
    assertThat(counted.all.getFirst().literal()).isLessThan(rest + rest / 20);
    assertThat(counted.all.getFirst().matched()).isGreaterThan(0);
    assertThat(partials()).isEmpty();
  }

  private static void stop(AtomicReference<Exception> trouble) {
    try {
      master.server().stop();
    } catch (java.io.IOException e) {
      trouble.set(e);
    }
  }

  @Test
  @DisplayName("feeds/S3: what changed at the master between two tries is noticed when going on")
  void changedBetween() throws Exception {
    byte[] bytes = noise(5, 3_000_000);
    Blob blob = master.publish("changing.db", noise(6, 3_000_000));
    Transfer slow = master.transfer(settings, "--bwlimit=2000");
    TransferException late =
        catchThrowableOfType(
            TransferException.class,
            () ->
                slow.fetch(blob, Wants.ANY, Deadline.in(Duration.ofMillis(1_200)), Progress.NONE));
    assertThat(late.kind()).isEqualTo(Kind.LATE);
    Blob newer = master.publish("changing.db", bytes);
    Blob wrong = new Blob(newer.host(), newer.path(), blob.md5());
    assertThat(kind(wrong)).isEqualTo(Kind.CORRUPT);
    assertThat(fetch(newer)).hasBinaryContent(bytes);
  }

  @Test
  @DisplayName("what a killed process left is gone on from: all of it, or something else entirely")
  void leftBehind() throws Exception {
    byte[] bytes = noise(30, 600_000);
    Blob blob = master.publish("left.db", bytes);
    Folders folders = cache.folders();
    Path left = folders.made(folders.partial(blob.md5(), "left.db")).resolve("left.db");
    Files.write(left, bytes);
    Counted counted = new Counted();
    assertThat(transfer.fetch(blob, Wants.ANY, soon(), counted)).hasBinaryContent(bytes);
    assertThat(counted.all.getFirst().literal()).isZero();
    cache.forget(blob);
    folders.made(folders.partial(blob.md5(), "left.db"));
    Files.write(left, noise(31, 900_000));
    Files.setLastModifiedTime(left, Files.getLastModifiedTime(Path.of(blob.path())));
    assertThat(fetch(blob)).hasBinaryContent(bytes);
  }

  @Test
  @DisplayName("feeds/S3: a host whose key is unknown or another is refused, and nothing is made")
  void unknownHost() throws Exception {
    Blob blob = master.publish("known.db", noise(7, 10));
    String other =
        "[127.0.0.1]:%d %s\n"
            .formatted(settings.port(), SshServer.publicKey(master.server().stranger()));
    for (String text : List.of("", other)) {
      Path known = Files.writeString(state.resolve("known" + text.length()), text);
      FeedsSpec.Transfer strict = known(known);
      TransferException problem = problem(master.transfer(strict), blob, Wants.ANY);
      assertThat(problem.kind()).isEqualTo(Kind.UNKNOWN_HOST);
      assertThat(problem).hasMessageContaining("known hosts");
      assertThat(Files.readString(known)).isEqualTo(text);
    }
    assertThat(cache.find(blob)).isEmpty();
  }

  private FeedsSpec.Transfer known(Path knownHosts) {
    return new FeedsSpec.Transfer(
        settings.cache(),
        settings.budgetBytes(),
        settings.identity(),
        knownHosts,
        settings.port(),
        settings.connect(),
        settings.relay(),
        false,
        "");
  }

  @Test
  @DisplayName("a host that does not answer, or lets our key not in, is unreachable")
  void unreachable() throws Exception {
    Blob blob = master.publish("reach.db", noise(8, 10));
    FeedsSpec.Transfer s = settings;
    FeedsSpec.Transfer stranger =
        new FeedsSpec.Transfer(
            s.cache(),
            0,
            master.server().stranger(),
            s.knownHosts(),
            s.port(),
            s.connect(),
            s.relay(),
            false,
            "");
    TransferException problem =
        problem(
            new Transfer(
                stranger,
                cache,
                new SshProgram(
                        state.resolve("ssh-stranger"),
                        stranger.identity(),
                        s.knownHosts(),
                        s.port(),
                        s.connect())
                    .program(),
                new LocalProcesses()),
            blob,
            Wants.ANY);
    assertThat(problem.kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(problem).hasMessageContaining("authorized_keys");
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    FeedsSpec.Transfer nobody =
        new FeedsSpec.Transfer(
            s.cache(), 0, s.identity(), s.knownHosts(), closed, s.connect(), s.relay(), false, "");
    TransferException refused = problem(master.transfer(nobody), blob, Wants.ANY);
    assertThat(refused.kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(refused).hasMessageContaining("Connection refused");
  }

  @Test
  @DisplayName("missing, unreadable and too large files are told apart")
  void absent() throws Exception {
    assertThat(kind(master.unpinned("none.db"))).isEqualTo(Kind.MISSING);
    assertThat(kind(master.unpinned("no/folder/none.db"))).isEqualTo(Kind.MISSING);
    Path secret = master.put("secret.db", noise(9, 10));
    if (!master.server().account().isEmpty()) {
      Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
      TransferException problem = problem(transfer, master.unpinned("secret.db"), Wants.ANY);
      assertThat(problem.kind()).isEqualTo(Kind.MISSING);
      assertThat(problem).hasMessageContaining("may not read");
    }
    Blob large = master.publish("toolarge.json", noise(10, 5_000));
    assertThat(problem(transfer, large, new Wants(4_999)).kind()).isEqualTo(Kind.REFUSED);
    assertThat(transfer.fetch(large, new Wants(5_000), soon(), Progress.NONE)).exists();
  }

  @Test
  @DisplayName("a file without a checksum is asked for again, and comes again if it changed")
  void unpinned() throws Exception {
    Path file = master.put("style.sld", noise(11, 100));
    Blob blob = master.unpinned("style.sld");
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(600)));
    Counted counted = new Counted();
    Path first = transfer.fetch(blob, Wants.DOCUMENT, soon(), counted);
    assertThat(transfer.fetch(blob, Wants.DOCUMENT, soon(), counted)).isEqualTo(first);
    assertThat(counted.all).hasSize(1);
    master.put("style.sld", noise(12, 100));
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(300)));
    assertThat(transfer.fetch(blob, Wants.DOCUMENT, soon(), counted))
        .isNotEqualTo(first)
        .hasBinaryContent(noise(12, 100));
    Files.delete(file);
    assertThat(kind(blob)).isEqualTo(Kind.MISSING);
    assertThat(cache.find(blob)).isPresent();
  }

  @Test
  @DisplayName("a file without a checksum that changes twice within a second is not taken for old")
  void unsettled() throws Exception {
    Path file = master.put("quick.sld", noise(13, 100));
    FileTime now = FileTime.from(Instant.now());
    Files.setLastModifiedTime(file, now);
    fetch(master.unpinned("quick.sld"));
    master.put("quick.sld", noise(14, 100));
    Files.setLastModifiedTime(file, now);
    assertThat(fetch(master.unpinned("quick.sld"))).hasBinaryContent(noise(14, 100));
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
        Transfer own = master.transfer(settings);
        asked.add(() -> own.fetch(blob, Wants.ANY, soon(), counted));
      }
      for (Future<Path> each : threads.invokeAll(asked)) {
        assertThat(each.get()).hasBinaryContent(bytes);
      }
    }
    assertThat(counted.all).hasSize(1);
  }

  @Test
  @DisplayName("the rsync of a process that was killed is waited for, not written against")
  void orphan() throws Exception {
    byte[] bytes = noise(16, 1_000);
    Blob blob = master.publish("orphan.db", bytes);
    Path lock = cache.folders().running(blob.md5());
    cache.folders().ready(lock);
    Process orphan =
        new ProcessBuilder("/usr/bin/flock", "--no-fork", lock.toString(), "/usr/bin/sleep", "30")
            .start();
    try {
      await().until(() -> Files.exists(lock));
      TransferException problem =
          catchThrowableOfType(
              TransferException.class,
              () ->
                  transfer.fetch(
                      blob, Wants.ANY, Deadline.in(Duration.ofMillis(1_500)), Progress.NONE));
      assertThat(problem.kind()).isEqualTo(Kind.LATE);
    } finally {
      orphan.destroyForcibly().waitFor();
    }
    assertThat(fetch(blob)).hasBinaryContent(bytes);
  }

  @Test
  @DisplayName("an interrupted caller's programs end, and a later try goes on")
  void interrupted() throws Exception {
    byte[] bytes = noise(17, 4_000_000);
    Blob blob = master.publish("interrupted.db", bytes);
    Transfer slow = master.transfer(settings, "--bwlimit=2000");
    AtomicReference<Throwable> end = new AtomicReference<>();
    AtomicLong come = new AtomicLong();
    Thread caller =
        Thread.ofVirtual()
            .start(() -> {
              try {
                slow.fetch(blob, Wants.ANY, soon(), come::set);
              } catch (InterruptedException | TransferException e) {
                end.set(e);
              }
            });
    await().until(() -> come.get() > 500_000);
    caller.interrupt();
    assertThat(caller.join(Duration.ofSeconds(10))).isTrue();
    assertThat(end.get()).isInstanceOf(InterruptedException.class);
    Counted counted = new Counted();
    assertThat(transfer.fetch(blob, Wants.ANY, soon(), counted)).hasBinaryContent(bytes);
    assertThat(counted.all.getFirst().matched()).isGreaterThan(400_000);
  }

  @Test
  @DisplayName("feeds/S4: a full disk: clean failure, room given back, good after it was cleaned")
  void full() throws Exception {
    String impossible = LoopVolume.impossible();
    Assumptions.assumeTrue(impossible.isEmpty(), "SKIPPED, nothing proven: " + impossible);
    LoopVolume volume = LoopVolume.make(master.registry(), LoopVolume.Type.EXT4, 16L << 20);
    Path old = Files.write(volume.folder().resolve("filler"), noise(18, 9_000_000));
    FeedsSpec.Transfer small = master.settings(volume.folder().resolve("cache"));
    Transfer tight = master.transfer(small);
    byte[] kept = noise(19, 100_000);
    Blob served = master.publish("served.db", kept);
    tight.fetch(served, Wants.ANY, soon(), Progress.NONE);
    byte[] bytes = noise(20, 8_000_000);
    Blob blob = master.publish("huge.db", bytes);
    long before = Files.getFileStore(volume.folder()).getUsableSpace();
    TransferException problem = problem(tight, blob, Wants.ANY);
    assertThat(problem.kind()).isEqualTo(Kind.FULL);
    assertThat(Files.getFileStore(volume.folder()).getUsableSpace())
        .isGreaterThan(before - 200_000);
    assertThat(new Cache(small.cache(), 0).find(served).orElseThrow()).hasBinaryContent(kept);
    Map<Blob, Fetched> many = tight.fetchAll(documents("full", 6, 1_500_000), soon());
    assertThat(many.values())
        .anySatisfy(each ->
            assertThat(each)
                .isInstanceOfSatisfying(
                    Fetched.Failed.class,
                    failed -> assertThat(failed.problem().kind()).isEqualTo(Kind.FULL)));
    new Cache(small.cache(), 0).trim(List.of(served));
    Files.delete(old);
    assertThat(tight.fetch(blob, Wants.ANY, soon(), Progress.NONE)).hasBinaryContent(bytes);
  }

  private static List<Blob> documents(String folder, int many, int size) throws Exception {
    List<Blob> blobs = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      blobs.add(master.publish(folder + "/" + i + "/doc.json", noise(1_000 + i, size + i)));
    }
    return blobs;
  }

  @Test
  @DisplayName("hundreds of documents come over one connection, and each has its own result")
  void many() throws Exception {
    List<Blob> blobs = new ArrayList<>(documents("many", 300, 2_000));
    Blob missing = master.unpinned("many/none/doc.json");
    Blob wrong = new Blob(blobs.get(7).host(), blobs.get(7).path(), "1".repeat(32));
    Blob hostile = new Blob("-x", "/y", "");
    Blob large = master.publish("many/large", noise(21, (int) Wants.DOCUMENT.maxBytes() + 1));
    Blob elsewhere = new Blob(master.server().user() + "@127.9.9.9", "/x", "");
    blobs.addAll(List.of(missing, wrong, hostile, large, elsewhere));
    Map<Blob, Fetched> all = transfer.fetchAll(blobs, soon());
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
    assertThat(Folders.list(settings.cache().resolve("staging"))).isEmpty();
    master.server().stop();
    try {
      Map<Blob, Fetched> again = transfer.fetchAll(blobs.subList(0, 300), soon());
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
    List<Blob> blobs = documents("nobody", 3, 10);
    master.server().stop();
    try {
      Map<Blob, Fetched> all = transfer.fetchAll(blobs, soon());
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
    Transfer subscriber = master.transfer(relayed(relay.folders().root()));
    assertThat(subscriber.fetch(first, Wants.ANY, soon(), Progress.NONE)).hasBinaryContent(one);
    assertThat(subscriber.fetch(second, Wants.ANY, soon(), Progress.NONE)).hasBinaryContent(two);
    Map<Blob, Fetched> documents =
        subscriber.fetchAll(List.of(style, other, first, absent), soon());
    assertThat(((Fetched.Here) documents.get(style)).path()).hasBinaryContent(noise(24, 30));
    assertThat(((Fetched.Here) documents.get(other)).path()).hasBinaryContent(noise(25, 30));
    assertThat(documents.get(first)).isInstanceOf(Fetched.Here.class);
    assertThat(((Fetched.Failed) documents.get(absent)).problem())
        .hasMessageContaining("absent.sld")
        .hasMessageContaining("the relay must serve");
    TransferException missing = problem(subscriber, absent, Wants.ANY);
    assertThat(missing.kind()).isEqualTo(Kind.MISSING);
    assertThat(missing).hasMessageContaining("the relay must serve");
  }

  private FeedsSpec.Transfer relayed(Path folder) {
    return new FeedsSpec.Transfer(
        settings.cache(),
        settings.budgetBytes(),
        settings.identity(),
        settings.knownHosts(),
        settings.port(),
        settings.connect(),
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
  @DisplayName("a prefix is put before the paths of the master, but not before a relay's")
  void prefix() throws Exception {
    byte[] bytes = noise(26, 10);
    master.put("root/opt/x.db", bytes);
    FeedsSpec.Transfer s = settings;
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
    transfer.send(picture, to, soon());
    assertThat(Path.of(to.path())).hasBinaryContent(noise(27, 900));
    assertThat(Files.getPosixFilePermissions(Path.of(to.path())))
        .isEqualTo(PosixFilePermissions.fromString("rw-r--r--"));
    Files.write(picture, noise(28, 901));
    transfer.send(picture, to, soon());
    assertThat(Path.of(to.path())).hasBinaryContent(noise(28, 901));
    transfer.send(picture, new Blob(master.host(), inbox + "/link/p.png", ""), soon());
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
            TransferException.class, () -> transfer.send(picture, outside, soon()));
    assertThat(problem.kind()).isEqualTo(Kind.UNREACHABLE);
    TransferException refused =
        catchThrowableOfType(
            TransferException.class,
            () -> transfer.send(picture, new Blob(master.host(), "/a/../b", ""), soon()));
    assertThat(refused.kind()).isEqualTo(Kind.REFUSED);
    TransferException gone =
        catchThrowableOfType(
            TransferException.class,
            () -> transfer.send(state.resolve("none.png"), outside, soon()));
    assertThat(gone.kind()).isEqualTo(Kind.LOCAL);
    assertThat(Folders.list(settings.cache().resolve("staging"))).isEmpty();
  }
}
