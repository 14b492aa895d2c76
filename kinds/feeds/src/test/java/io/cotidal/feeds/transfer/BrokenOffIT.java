package io.cotidal.feeds.transfer;

import static io.cotidal.feeds.transfer.Master.noise;
import static io.cotidal.feeds.transfer.Master.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.cotidal.feeds.job.Blob;
import io.cotidal.feeds.transfer.TransferException.Kind;
import io.cotidal.lab.LoopVolume;
import io.cotidal.remote.Deadline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
@DisplayName("transfers that are broken off, with a real SSH server and rsync")
final class BrokenOffIT {
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
  @DisplayName("feeds/S3: the SSH server is killed in mid rsync: the next try sends only the rest")
  void resumes() throws Exception {
    byte[] bytes = noise(4, 12_000_000);
    Blob blob = master.publish("large.db", bytes);
    Transfer slow = master.transfer(replica.settings(), "--bwlimit=4000");
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
    long come = Files.size(replica.partial());
    assertThat(come).isBetween(3_000_000L, 11_999_999L);
    Counted counted = new Counted();
    assertThat(replica.fetch(blob, counted)).hasBinaryContent(bytes);
    long rest = bytes.length - come;
    assertThat(counted.only().literal()).isLessThan(rest + rest / 20);
    assertThat(counted.only().matched()).isGreaterThan(0);
    assertThat(replica.partials()).isEmpty();
  }

  private static void stop(AtomicReference<Exception> trouble) {
    try {
      master.server().stop();
    } catch (java.io.IOException e) {
      trouble.set(e);
    }
  }

  @Test
  @DisplayName("feeds/S13: a process is killed while it fetches: nothing that came is lost")
  void killed() throws Exception {
    byte[] bytes = noise(40, 3_000_000);
    Blob blob = master.publish("killed.db", bytes);
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process fetching =
        new ProcessBuilder(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                Fetching.class.getName(),
                replica.settings().cache().toString(),
                master.ssh(replica.settings()).toString(),
                blob.host(),
                blob.path(),
                blob.md5())
            .redirectErrorStream(true)
            .redirectOutput(state.resolve("fetching").toFile())
            .start();
    try {
      await()
          .until(() ->
              !fetching.isAlive()
                  || Limit.check(replica.settings().cache().resolve("partial"), 1L << 40)
                      > 300_000);
      assertThat(fetching.isAlive()).as(Files.readString(state.resolve("fetching"))).isTrue();
    } finally {
      fetching.destroyForcibly().waitFor();
    }
    // Its rsync goes on alone; ours waits for it, and then has nothing to ask for any more.
    Counted counted = new Counted();
    assertThat(replica.fetch(blob, counted)).hasBinaryContent(bytes);
    assertThat(counted.only().literal()).isZero();
    replica.cache().trim(List.of());
    assertThat(replica.partials()).isEmpty();
  }

  @Test
  @DisplayName("feeds/S3: what changed at the master between two tries is noticed when going on")
  void changedBetween() throws Exception {
    byte[] bytes = noise(5, 3_000_000);
    Blob blob = master.publish("changing.db", noise(6, 3_000_000));
    Transfer slow = master.transfer(replica.settings(), "--bwlimit=2000");
    TransferException late =
        catchThrowableOfType(
            TransferException.class,
            () ->
                slow.fetch(blob, Wants.ANY, Deadline.in(Duration.ofMillis(1_200)), Progress.NONE));
    assertThat(late.kind()).isEqualTo(Kind.LATE);
    Blob newer = master.publish("changing.db", bytes);
    Blob wrong = new Blob(newer.host(), newer.path(), blob.md5());
    assertThat(replica.kind(wrong)).isEqualTo(Kind.CORRUPT);
    assertThat(replica.fetch(newer)).hasBinaryContent(bytes);
  }

  @Test
  @DisplayName("what a killed process left is gone on from: all of it, or something else entirely")
  void leftBehind() throws Exception {
    byte[] bytes = noise(30, 600_000);
    Blob blob = master.publish("left.db", bytes);
    Folders folders = replica.cache().folders();
    Path left = folders.made(folders.partial(blob.md5(), "left.db")).resolve("left.db");
    Files.write(left, bytes);
    Counted counted = new Counted();
    assertThat(replica.fetch(blob, counted)).hasBinaryContent(bytes);
    assertThat(counted.only().literal()).isZero();
    replica.cache().forget(blob);
    folders.made(folders.partial(blob.md5(), "left.db"));
    Files.write(left, noise(31, 900_000));
    Files.setLastModifiedTime(left, Files.getLastModifiedTime(Path.of(blob.path())));
    assertThat(replica.fetch(blob)).hasBinaryContent(bytes);
  }

  @Test
  @DisplayName("the rsync of a process that was killed is waited for, not written against")
  void orphan() throws Exception {
    byte[] bytes = noise(16, 1_000);
    Blob blob = master.publish("orphan.db", bytes);
    Path lock = replica.cache().folders().running(blob.md5());
    replica.cache().folders().ready(lock);
    Process orphan =
        new ProcessBuilder("/usr/bin/flock", "--no-fork", lock.toString(), "/usr/bin/sleep", "30")
            .start();
    try {
      await().until(() -> Files.exists(lock));
      TransferException problem =
          catchThrowableOfType(
              TransferException.class,
              () ->
                  replica
                      .transfer()
                      .fetch(
                          blob, Wants.ANY, Deadline.in(Duration.ofMillis(1_500)), Progress.NONE));
      assertThat(problem.kind()).isEqualTo(Kind.LATE);
    } finally {
      orphan.destroyForcibly().waitFor();
    }
    assertThat(replica.fetch(blob)).hasBinaryContent(bytes);
  }

  @Test
  @DisplayName("an interrupted caller's programs end, and a later try goes on")
  void interrupted() throws Exception {
    byte[] bytes = noise(17, 4_000_000);
    Blob blob = master.publish("interrupted.db", bytes);
    Transfer slow = master.transfer(replica.settings(), "--bwlimit=2000");
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
    assertThat(replica.fetch(blob, counted)).hasBinaryContent(bytes);
    assertThat(counted.only().matched()).isGreaterThan(400_000);
  }

  @Test
  @DisplayName("feeds/S4: a full disk: clean failure, room given back, good after it was cleaned")
  void full() throws Exception {
    String impossible = LoopVolume.impossible();
    Assumptions.assumeTrue(impossible.isEmpty(), "SKIPPED, nothing proven: " + impossible);
    LoopVolume volume = LoopVolume.make(master.registry(), LoopVolume.Type.EXT4, 16L << 20);
    Path old = Files.write(volume.folder().resolve("filler"), noise(18, 9_000_000));
    Replica tight = Replica.of(master, master.settings(volume.folder().resolve("cache")));
    byte[] kept = noise(19, 100_000);
    Blob served = master.publish("served.db", kept);
    tight.fetch(served);
    byte[] bytes = noise(20, 8_000_000);
    Blob blob = master.publish("huge.db", bytes);
    long before = Files.getFileStore(volume.folder()).getUsableSpace();
    assertThat(tight.kind(blob)).isEqualTo(Kind.FULL);
    assertThat(Files.getFileStore(volume.folder()).getUsableSpace())
        .isGreaterThan(before - 200_000);
    assertThat(tight.cache().find(served).orElseThrow()).hasBinaryContent(kept);
    List<Blob> documents = master.documents("full", 6, 1_500_000);
    assertThat(tight.transfer().fetchAll(documents, soon()).values())
        .anySatisfy(each ->
            assertThat(each)
                .isInstanceOfSatisfying(
                    Fetched.Failed.class,
                    failed -> assertThat(failed.problem().kind()).isEqualTo(Kind.FULL)));
    new Cache(tight.settings().cache(), 0).trim(List.of(served));
    Files.delete(old);
    assertThat(tight.fetch(blob)).hasBinaryContent(bytes);
  }
}
