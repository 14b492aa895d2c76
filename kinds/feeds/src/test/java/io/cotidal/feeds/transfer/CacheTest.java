package io.cotidal.feeds.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.feeds.job.Blob;
import io.cotidal.remote.Deadline;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@DisplayName("the cache of files")
final class CacheTest {
  @TempDir Path folder;
  private Cache cache;

  @BeforeEach
  void open() {
    cache = new Cache(folder.resolve("cache"), 1_000);
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(20));
  }

  private static byte[] noise(int seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static Blob pinned(byte[] bytes) throws Exception {
    String md5 = HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    return new Blob("host", "/file", md5);
  }

  private Path put(Blob blob, byte[] bytes) throws Exception {
    Path file = Files.write(cache.folders().fresh(".test"), bytes);
    return cache.adopt(Names.key(blob), file, Digests.of(file, soon()), 7);
  }

  private Blob put(int seed, int size) throws Exception {
    byte[] bytes = noise(seed, size);
    Blob blob = pinned(bytes);
    put(blob, bytes);
    return blob;
  }

  @Test
  @DisplayName("nothing is made before something is put in")
  void untouched() throws Exception {
    assertThat(cache.find(new Blob("host", "/file", ""))).isEmpty();
    assertThat(cache.trim(List.of())).isZero();
    assertThat(folder.resolve("cache")).doesNotExist();
  }

  @Test
  @DisplayName("a file is found by the checksum of the job, lies under its SHA-256, for us alone")
  void found() throws Exception {
    byte[] bytes = noise(1, 100);
    Path path = put(pinned(bytes), bytes);
    String sha = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    assertThat(path)
        .endsWithRaw(Path.of("sha256", sha.substring(0, 2), sha))
        .hasBinaryContent(bytes);
    Blob elsewhere = new Blob("other", "/x/y", pinned(bytes).md5());
    assertThat(cache.find(elsewhere)).contains(path);
    assertThat(cache.open(elsewhere).orElseThrow().readAllBytes()).isEqualTo(bytes);
    assertThat(Files.getPosixFilePermissions(path))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(Files.getPosixFilePermissions(folder.resolve("cache")))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  @DisplayName("without a checksum a file is found by host and path")
  void unpinned() throws Exception {
    Path path = put(new Blob("host", "/file", ""), noise(2, 50));
    assertThat(cache.find(new Blob("host", "/file", ""))).contains(path);
    assertThat(cache.find(new Blob("host", "/file2", ""))).isEmpty();
    assertThat(cache.find(new Blob("host2", "/file", ""))).isEmpty();
  }

  @Test
  @DisplayName("equal contents of two names lie there once")
  void once() throws Exception {
    Path first = put(new Blob("host", "/a", ""), noise(3, 50));
    Object inode = Files.getAttribute(first, "unix:ino");
    assertThat(put(new Blob("host", "/b", ""), noise(3, 50))).isEqualTo(first);
    assertThat(Files.getAttribute(first, "unix:ino")).isEqualTo(inode);
    assertThat(Folders.list(cache.folders().staging())).isEmpty();
  }

  @Test
  @DisplayName("a content that a power cut spoilt is not handed out")
  void spoilt() throws Exception {
    byte[] bytes = noise(4, 5_000);
    Path path = put(pinned(bytes), bytes);
    bytes[77] ^= 1;
    Files.write(path, bytes);
    bytes[77] ^= 1;
    assertThat(cache.find(pinned(bytes))).isEmpty();
    assertThat(path).doesNotExist();
  }

  @Test
  @DisplayName("a large content of the wrong length is not handed out")
  void cutOff() throws Exception {
    byte[] bytes = noise(5, 300_000);
    Path path = put(pinned(bytes), bytes);
    assertThat(cache.find(pinned(bytes))).contains(path);
    Files.write(path, noise(5, 299_999));
    assertThat(cache.find(pinned(bytes))).isEmpty();
  }

  @Test
  @DisplayName("an entry that makes no sense is none")
  void nonsense() throws Exception {
    byte[] bytes = noise(6, 10);
    put(pinned(bytes), bytes);
    Path entry = cache.folders().entry(pinned(bytes).md5());
    for (String text : List.of("", "\0\0\0", "../../etc/passwd 1 1\n", "x".repeat(5_000))) {
      Files.writeString(entry, text);
      assertThat(cache.find(pinned(bytes))).as(text).isEmpty();
    }
  }

  @Test
  @DisplayName("a process killed between entry and content has lost nothing")
  void killed() throws Exception {
    byte[] bytes = noise(7, 10);
    Path path = put(pinned(bytes), bytes);
    Files.delete(path);
    assertThat(cache.find(pinned(bytes))).isEmpty();
    assertThat(put(pinned(bytes), bytes)).isEqualTo(path);
    assertThat(cache.find(pinned(bytes))).contains(path);
  }

  @Test
  @DisplayName("a file that turned out to be useless is forgotten")
  void forgotten() throws Exception {
    byte[] bytes = noise(8, 10);
    Path path = put(pinned(bytes), bytes);
    cache.forget(pinned(bytes));
    assertThat(cache.find(pinned(bytes))).isEmpty();
    assertThat(path).doesNotExist();
  }

  @Test
  @DisplayName("the oldest go beyond the budget, but never what is needed")
  void trimmed() throws Exception {
    Blob oldest = put(11, 400);
    Blob older = put(12, 400);
    Blob old = put(13, 400);
    Blob fresh = put(14, 400);
    List<Blob> all = List.of(oldest, older, old, fresh);
    for (int i = 0; i < all.size(); i++) {
      Files.setLastModifiedTime(
          cache.find(all.get(i)).orElseThrow(),
          FileTime.from(Instant.now().minusSeconds(1_000 - i)));
    }
    Blob hostile = new Blob("host", "/file", "/");
    assertThat(cache.trim(Set.of(oldest, hostile))).isEqualTo(800);
    assertThat(cache.find(oldest)).isPresent();
    assertThat(cache.find(older)).isEmpty();
    assertThat(cache.find(old)).isEmpty();
    assertThat(cache.find(fresh)).isPresent();
    assertThat(new Cache(folder.resolve("cache"), 0).trim(all)).isZero();
    assertThat(cache.find(oldest)).isPresent();
  }

  @Test
  @DisplayName("parts of files that nobody wants any more go; of those that are wanted, stay")
  void partials() throws Exception {
    Blob wanted = pinned(noise(20, 10));
    Blob unwanted = pinned(noise(21, 10));
    Folders folders = cache.folders();
    Path kept = folders.made(folders.partial(Names.key(wanted), "f"));
    Path gone = folders.made(folders.partial(Names.key(unwanted), "f"));
    Files.writeString(kept.resolve("f"), "x");
    Files.writeString(gone.resolve("f"), "x");
    try (Turn _ = Turn.wait(folders, Names.key(unwanted), soon())) {
      cache.trim(List.of(wanted));
      assertThat(gone).as("it is just being fetched").exists();
    }
    cache.trim(List.of(wanted));
    assertThat(gone).doesNotExist();
    assertThat(kept).exists();
    put(wanted, noise(20, 10));
    cache.trim(List.of(wanted));
    assertThat(kept).doesNotExist();
  }

  @Test
  @DisplayName("feeds/S18: others are served by key, and no longer when it is switched off")
  void served() throws Exception {
    Blob before = put(30, 10);
    cache.serve(true);
    Blob after = put(31, 20);
    Blob named = new Blob("h", "/p", "");
    put(named, noise(32, 5));
    Folders folders = cache.folders();
    for (Blob blob : List.of(before, after, named)) {
      Path link = folders.served(Names.key(blob));
      assertThat(Files.isRegularFile(link, LinkOption.NOFOLLOW_LINKS)).isTrue();
      assertThat(Files.isSameFile(link, cache.find(blob).orElseThrow())).isTrue();
    }
    put(named, noise(33, 6));
    assertThat(folders.served(Names.key(named))).hasBinaryContent(noise(33, 6));
    cache.forget(after);
    assertThat(folders.served(Names.key(after))).doesNotExist();
    new Cache(folder.resolve("cache"), 0).trim(List.of());
    assertThat(Folders.files(folders.served())).isEmpty();
    cache.serve(false);
    assertThat(folders.served()).doesNotExist();
    put(30, 10);
    assertThat(folders.served()).doesNotExist();
  }

  @Test
  @DisplayName("a served link that was lost is mended when serving begins again")
  void mended() throws Exception {
    cache.serve(true);
    Blob blob = put(40, 10);
    Files.delete(cache.folders().served(Names.key(blob)));
    cache.serve(true);
    assertThat(cache.folders().served(Names.key(blob))).hasBinaryContent(noise(40, 10));
  }

  @Test
  @DisplayName("feeds/S15: a link in the place of a folder or of a content is not followed")
  void links() throws Exception {
    byte[] bytes = noise(50, 10);
    Path path = put(pinned(bytes), bytes);
    Path outside = Files.write(folder.resolve("outside"), bytes);
    Files.delete(path);
    Files.createSymbolicLink(path, outside);
    assertThat(cache.find(pinned(bytes))).isEmpty();

    Cache other = new Cache(folder.resolve("other"), 0);
    Files.createDirectories(folder.resolve("other"));
    Path target = Files.createDirectory(folder.resolve("target"));
    Files.createSymbolicLink(folder.resolve("other/staging"), target);
    assertThatThrownBy(() -> other.folders().fresh(".x")).hasMessageContaining("is no folder");
    assertThat(target).isEmptyDirectory();
    assertThatThrownBy(() -> other.folders().made(target)).hasMessageContaining("not in the cache");
    assertThat(outside).hasBinaryContent(bytes);
  }

  @Test
  @DisplayName("a bad checksum never becomes a path")
  void refused() {
    Blob bad = new Blob("h", "/p", "../../x" + "0".repeat(25));
    assertThatThrownBy(() -> cache.find(bad)).isInstanceOf(TransferException.class);
  }

  @Test
  @DisplayName("one has the turn for a key; who waits for it waits until the deadline at most")
  void turns() throws Exception {
    Folders folders = cache.folders();
    String key = pinned(noise(60, 1)).md5();
    try (Turn _ = Turn.wait(folders, key, soon())) {
      assertThatThrownBy(() -> Turn.wait(folders, key, Deadline.in(Duration.ofMillis(60))))
          .isInstanceOfSatisfying(
              TransferException.class,
              e -> assertThat(e.kind()).isEqualTo(TransferException.Kind.LATE));
    }
    Turn.wait(folders, key, Deadline.in(Duration.ZERO)).close();
  }
}
