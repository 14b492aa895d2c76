package io.cotidal.copies.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every volume keeps, whatever its file system can do. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class VolumeConformance {
  private static final int STRANGER = 200_017;

  private ServerRegistry lab;
  private LocalVolume volume;
  private Path ground;
  private int number;

  /** Where the volume is to be; may skip the test, loudly. */
  abstract Path place(ServerRegistry lab) throws IOException, InterruptedException;

  /** How it must turn out to copy. */
  abstract Volume.Method expected();

  static boolean nothing(Path relative) {
    return false;
  }

  static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(60));
  }

  Volume volume() {
    return volume;
  }

  ServerRegistry lab() {
    return lab;
  }

  @BeforeAll
  void open() throws Exception {
    lab = ServerRegistry.open(StateFolder.ofUser());
    volume = LocalVolume.open(place(lab), soon());
  }

  @AfterAll
  void close() throws IOException {
    lab.close();
  }

  @BeforeEach
  void freshGround() throws IOException {
    ground = Files.createDirectory(volume.root().resolve("t" + ++number));
  }

  /** A folder as a server leaves it: a few files in a few folders. */
  private Path data() throws Exception {
    Path data = ground.resolve("data");
    volume.make(data, soon());
    Files.writeString(data.resolve("version"), "15");
    Files.createFile(data.resolve("empty"));
    Path inner = Files.createDirectories(data.resolve("base/1"));
    Files.write(inner.resolve("1259"), new byte[300_000]);
    Files.setPosixFilePermissions(
        inner.resolve("1259"), PosixFilePermissions.fromString("rw-rw----"));
    Files.writeString(data.resolve("base/postmaster.pid"), "1");
    return data;
  }

  private List<String> names() throws IOException {
    try (Stream<Path> entries = Files.list(ground)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  private static int owner(Path file) throws IOException {
    return (Integer) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }

  @Test
  @DisplayName("copies/E6: a volume finds out how it can copy and leaves no trace of the question")
  void probed() throws IOException {
    assertThat(volume.method()).isEqualTo(expected());
    try (Stream<Path> entries = Files.list(volume.root())) {
      assertThat(entries.map(Path::toString)).noneMatch(name -> name.contains("probe"));
    }
  }

  @Test
  @DisplayName("copies/B2: a copy holds what its source holds, and neither sees the other's writes")
  void copyIsEqualAndApart() throws Exception {
    Path data = data();
    Path copy = ground.resolve("copy");
    volume.copy(data, copy, -1, VolumeConformance::nothing, soon());
    for (String file : List.of("version", "empty", "base/1/1259", "base/postmaster.pid")) {
      assertThat(Files.mismatch(data.resolve(file), copy.resolve(file))).isEqualTo(-1);
    }
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(copy.resolve("base/1/1259"))))
        .isEqualTo("rw-rw----");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
        .isEqualTo("rwx------");
    Files.writeString(copy.resolve("version"), "copy");
    Files.writeString(data.resolve("base/1/1259"), "source");
    assertThat(data.resolve("version")).hasContent("15");
    assertThat(Files.size(copy.resolve("base/1/1259"))).isEqualTo(300_000);
    assertThat(names()).containsExactly("copy", "data");
  }

  @Test
  @DisplayName("a copy of a copy is a copy")
  void chain() throws Exception {
    Path first = ground.resolve("first");
    Path second = ground.resolve("second");
    volume.copy(data(), first, -1, VolumeConformance::nothing, soon());
    Files.writeString(first.resolve("version"), "first");
    volume.copy(first, second, -1, VolumeConformance::nothing, soon());
    volume.remove(first, soon());
    assertThat(second.resolve("version")).hasContent("first");
  }

  @Test
  @DisplayName("a plain folder that nobody made for copying is copied too")
  void plainFolder() throws Exception {
    Path plain = Files.createDirectory(ground.resolve("plain"));
    Files.writeString(plain.resolve("file"), "text");
    Path copy = ground.resolve("copy");
    volume.copy(plain, copy, -1, VolumeConformance::nothing, soon());
    assertThat(copy.resolve("file")).hasContent("text");
  }

  @Test
  @DisplayName("all of a copy belongs to its account, and none of its source")
  void owners() throws Exception {
    if (owner(volume.root()) != 0) {
      return;
    }
    Path data = data();
    Path copy = ground.resolve("copy");
    volume.copy(data, copy, STRANGER, VolumeConformance::nothing, soon());
    try (Stream<Path> files = Files.walk(copy)) {
      for (Path file : files.toList()) {
        assertThat(owner(file)).as(file.toString()).isEqualTo(STRANGER);
        assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(STRANGER);
      }
    }
    assertThat(owner(data.resolve("version"))).isZero();
  }

  @Test
  @DisplayName("what is left out is not in the copy: files, and folders with all that is in them")
  void leftOut() throws Exception {
    Path data = data();
    Path copy = ground.resolve("copy");
    volume.copy(
        data,
        copy,
        -1,
        relative -> relative.endsWith("postmaster.pid") || relative.equals(Path.of("base/1")),
        soon());
    assertThat(copy.resolve("base")).isEmptyDirectory();
    assertThat(data.resolve("base/postmaster.pid")).exists();
    assertThat(data.resolve("base/1/1259")).exists();
  }

  @Test
  @DisplayName(
      "a folder that holds a link is not copied: the copy would write where the source does")
  void link() throws Exception {
    Path data = data();
    Path outside = Files.createDirectory(ground.resolve("outside"));
    Files.writeString(outside.resolve("precious"), "kept");
    Files.createSymbolicLink(data.resolve("base/away"), outside);
    Path copy = ground.resolve("copy");
    assertThatThrownBy(() -> volume.copy(data, copy, STRANGER, VolumeConformance::nothing, soon()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("'base/away' is a link");
    assertThat(names()).containsExactly("data", "outside");
    assertThat(owner(outside)).isEqualTo(owner(volume.root()));
    volume.copy(data, copy, -1, relative -> relative.endsWith("away"), soon());
    assertThat(Files.exists(copy.resolve("base/away"), LinkOption.NOFOLLOW_LINKS)).isFalse();
    assertThat(outside.resolve("precious")).hasContent("kept");
  }

  @Test
  @DisplayName("copies/B3: a name that is taken stays as it is")
  void taken() throws Exception {
    Path data = data();
    Path copy = ground.resolve("copy");
    volume.copy(data, copy, -1, VolumeConformance::nothing, soon());
    Files.writeString(copy.resolve("version"), "mine");
    assertThatThrownBy(() -> volume.copy(data, copy, -1, VolumeConformance::nothing, soon()))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> volume.make(copy, soon()))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(copy.resolve("version")).hasContent("mine");
    assertThatThrownBy(() ->
            volume.copy(
                ground.resolve("absent"),
                ground.resolve("new"),
                -1,
                VolumeConformance::nothing,
                soon()))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(names()).containsExactly("copy", "data");
  }

  @Test
  @DisplayName("copies/B5: half a copy is never seen, and goes with the next attempt")
  void halfCopy() throws Exception {
    Path data = data();
    Path copy = ground.resolve("copy");
    // As a daemon leaves it that is killed in the middle.
    Path half = ground.resolve(".new-copy");
    if (expected() == Volume.Method.SNAPSHOT) {
      try (SystemCalls calls = new SystemCalls()) {
        new Subvolumes(calls).snapshot(data, half);
      }
    } else {
      Files.createDirectories(half.resolve("base"));
    }
    assertThat(copy).doesNotExist();
    assertThatThrownBy(() ->
            volume.copy(data, copy, -1, VolumeConformance::nothing, Deadline.in(Duration.ZERO)))
        .hasMessageContaining("in time");
    volume.copy(data, copy, -1, VolumeConformance::nothing, soon());
    assertThat(copy.resolve("version")).hasContent("15");
    assertThat(names()).containsExactly("copy", "data");
  }

  @Test
  @DisplayName(
      "removing takes all, what is nested too, and nothing behind a link; twice is no error")
  void remove() throws Exception {
    Path outside = Files.createDirectory(ground.resolve("outside"));
    Files.writeString(outside.resolve("precious"), "kept");
    Path home = Files.createDirectory(ground.resolve("c17"));
    volume.make(home.resolve("data"), soon());
    volume.make(home.resolve("data/nested"), soon());
    volume.make(home.resolve("data/nested/deeper"), soon());
    Files.writeString(home.resolve("data/nested/deeper/file"), "text");
    Files.createSymbolicLink(home.resolve("data/away"), outside);
    volume.remove(home, soon());
    volume.remove(home, soon());
    volume.remove(home.resolve("data"), soon());
    assertThat(names()).containsExactly("outside");
    assertThat(outside.resolve("precious")).hasContent("kept");
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "../x", "a/../../x", "/etc", "."})
  @DisplayName("copies/C1: what does not lie within the volume is neither made, copied nor removed")
  void outside(String name) throws Exception {
    Path data = data();
    Path hostile = volume.root().resolve("x").resolve(name);
    assertThatThrownBy(() -> volume.copy(data, hostile, -1, VolumeConformance::nothing, soon()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() ->
            volume.copy(hostile, data.resolveSibling("y"), -1, VolumeConformance::nothing, soon()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> volume.make(hostile, soon()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> volume.remove(hostile, soon()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> volume.remove(volume.root(), soon()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(names()).containsExactly("data");
  }

  @Test
  @DisplayName("copies/C1: a link on the way is not followed, wherever it leads")
  void linkOnTheWay() throws Exception {
    Path data = data();
    Path real = Files.createDirectory(ground.resolve("real"));
    Path link = Files.createSymbolicLink(ground.resolve("link"), real);
    assertThatThrownBy(
            () -> volume.copy(data, link.resolve("c"), -1, VolumeConformance::nothing, soon()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("through a link");
    Files.createDirectory(real.resolve("kept"));
    assertThatThrownBy(() -> volume.remove(link.resolve("kept"), soon()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> volume.copy(link, ground.resolve("c"), -1, VolumeConformance::nothing, soon()))
        .isInstanceOf(IOException.class);
    volume.remove(link, soon());
    assertThat(real.resolve("kept")).isDirectory();
    assertThat(Files.exists(link, LinkOption.NOFOLLOW_LINKS)).isFalse();
  }

  @Test
  @DisplayName("copies/C1: hostile file names are only names")
  void hostileNames() throws Exception {
    Path data = data();
    List<String> names =
        new ArrayList<>(
            List.of(
                "a;rm -rf",
                "`id`",
                "$(id)",
                "'; DROP",
                "--help",
                "-x",
                "CON",
                "a b\nc",
                "%2e%2e",
                "\\"));
    // Java cannot name such a file in a process whose language has no such letters.
    if ("UTF-8".equals(System.getProperty("sun.jnu.encoding"))) {
      names.addFirst("größe 日本");
    }
    for (String name : names) {
      Files.writeString(data.resolve(name), name);
      Path copy = ground.resolve(name);
      volume.copy(data, copy, -1, VolumeConformance::nothing, soon());
      assertThat(copy.resolve("version")).hasContent("15");
    }
    for (String name : names) {
      assertThat(Files.readString(ground.resolve("\\").resolve(name))).isEqualTo(name);
      volume.remove(ground.resolve(name), soon());
    }
    assertThat(names()).containsExactly("data");
    assertThatThrownBy(() ->
            volume.copy(
                data, ground.resolve("x".repeat(300)), -1, VolumeConformance::nothing, soon()))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> Path.of("nul\0")).isInstanceOf(InvalidPathException.class);
    assertThat(names()).containsExactly("data");
  }

  @Test
  @DisplayName("there is room, and what is written takes of it")
  void space() throws Exception {
    Volume.Space before = volume.space();
    byte[] noise = new byte[16 * 1024 * 1024];
    new Random(1).nextBytes(noise);
    Files.write(ground.resolve("noise"), noise);
    volume.settle();
    Volume.Space after = volume.space();
    assertThat(before.free()).isPositive().isLessThanOrEqualTo(before.total());
    assertThat(after.total()).isEqualTo(before.total());
    // Others write to the machine's own disk: that its room shrinks by so much is not ours alone.
    assertThat(before.free() - after.free())
        .isGreaterThan(expected() == Volume.Method.PLAIN ? Long.MIN_VALUE : 8 * 1024 * 1024);
  }
}
