package io.cotidal.copies.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.cotidal.copies.plan.Acts;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.copies.steps.UploadRefused.Why;
import io.cotidal.copies.storage.Volume;
import io.cotidal.model.Mode;
import io.cotidal.model.ResourceId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
@DisplayName("uploads")
final class UploadsTest {
  private static final String ID = "u" + "0a".repeat(16);
  private static final long MIB = 1L << 20;
  private static final byte[] DUMP = "CREATE TABLE t (id INT);\n".getBytes(StandardCharsets.UTF_8);

  @TempDir Path volume;
  private final AtomicLong free = new AtomicLong(1L << 40);
  private Uploads uploads;

  @BeforeEach
  void open() {
    CopiesSpec spec =
        new CopiesSpec(
            new ResourceId("copies", "shop"),
            Mode.MANAGE,
            new CopiesSpec.Database(
                "mariadb", "", Optional.empty(), "app", "app", Optional.empty(), 64),
            new CopiesSpec.Template(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Duration.ofHours(1)),
            new CopiesSpec.Storage(volume, false, 10 * MIB, 100 * MIB, 0),
            new CopiesSpec.Allowance(Duration.ZERO, Duration.ZERO, Duration.ZERO, 1, 1, 0),
            new CopiesSpec.Service(
                CopiesSpec.Isolation.SERVER,
                "process",
                "",
                Path.of("/none"),
                "127.0.0.1",
                "localhost",
                20_000,
                20_001,
                -1));
    uploads = new Uploads(() -> new Volume.Space(free.get(), 1L << 40), spec);
  }

  private List<Path> left() throws IOException {
    Path room = volume.resolve(".cotidal/.uploads/shop");
    if (!Files.isDirectory(room)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(room)) {
      return all.sorted().toList();
    }
  }

  private void refused(Why why, Uploads.Arrival arrival, InputStream body) throws IOException {
    assertThatThrownBy(() -> uploads.take(arrival, body))
        .asInstanceOf(type(UploadRefused.class))
        .returns(why, UploadRefused::why);
    uploads.letGo(arrival.id());
    assertThat(left()).isEmpty();
  }

  private static Uploads.Arrival arrival(long length) {
    return new Uploads.Arrival(ID, length, Optional.empty());
  }

  private static String hash(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private interface Happening {
    void happens() throws IOException;
  }

  /** Nothing, but something happens when it is read. */
  private static InputStream before(Happening what) {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        what.happens();
        return -1;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        return read();
      }
    };
  }

  /** Zeros without end; nobody could hold them in memory. */
  private static InputStream endless(Runnable each) {
    return new InputStream() {
      @Override
      public int read() {
        return 0;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) {
        each.run();
        return length;
      }
    };
  }

  @Test
  @DisplayName(
      "copies/A1: what a client sends lies whole in its own room, readable for nobody else")
  void taken() throws Exception {
    Uploads.Whole whole =
        uploads.take(
            new Uploads.Arrival(ID, DUMP.length, Optional.of(hash(DUMP))),
            new ByteArrayInputStream(DUMP));
    assertThat(whole).isEqualTo(new Uploads.Whole(ID, DUMP.length, hash(DUMP)));
    Path file = volume.resolve(".cotidal/.uploads/shop").resolve(ID);
    assertThat(left()).containsExactly(file);
    assertThat(file).hasBinaryContent(DUMP);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
        .isEqualTo("rwx------");
    uploads.sweep(_ -> false);
    assertThat(left()).as("held until it is let go").containsExactly(file);
    uploads.letGo(ID);
    uploads.sweep(ID::equals);
    assertThat(left()).as("an import needs it").containsExactly(file);
    uploads.sweep(_ -> false);
    assertThat(left()).isEmpty();
  }

  @Test
  @DisplayName("copies/A2: an upload that is cut, or whose connection breaks, leaves nothing")
  void cut() throws Exception {
    refused(Why.CUT, arrival(DUMP.length + 1L), new ByteArrayInputStream(DUMP));
    InputStream broken =
        before(() -> {
          throw new IOException("connection reset");
        });
    refused(Why.CUT, arrival(-1), new SequenceInputStream(new ByteArrayInputStream(DUMP), broken));
  }

  @Test
  @DisplayName("copies/A2: an upload with another checksum than its sender says leaves nothing")
  void wrong() throws Exception {
    refused(
        Why.WRONG,
        new Uploads.Arrival(ID, -1, Optional.of(hash(new byte[1]))),
        new ByteArrayInputStream(DUMP));
  }

  @Test
  @DisplayName("copies/A3: an upload that is too large is refused, announced or not")
  void tooLarge() throws Exception {
    refused(
        Why.TOO_LARGE,
        arrival(100 * MIB + 1),
        endless(() -> {
          throw new AssertionError("it was read all the same");
        }));
    refused(Why.TOO_LARGE, arrival(-1), endless(() -> {}));
  }

  @Test
  @DisplayName("copies/A3: an upload keeps the reserve free, before it begins and while it comes")
  void room() throws Exception {
    free.set(20 * MIB);
    refused(
        Why.NO_ROOM,
        arrival(11 * MIB),
        endless(() -> {
          throw new AssertionError("it was read all the same");
        }));
    free.set(1L << 40);
    AtomicLong read = new AtomicLong();
    refused(
        Why.NO_ROOM,
        arrival(-1),
        endless(() -> {
          if (read.addAndGet(1 << 16) > 20 * MIB) {
            free.set(9 * MIB);
          }
        }));
    assertThat(read.get()).isBetween(20 * MIB, 40 * MIB);
  }

  @Test
  @DisplayName(
      "copies/D3: one upload at a time; whoever comes second disturbs the first in nothing")
  void second() throws Exception {
    InputStream first =
        new SequenceInputStream(
            before(() -> {
              assertThatThrownBy(() -> uploads.take(arrival(-1), new ByteArrayInputStream(DUMP)))
                  .asInstanceOf(type(UploadRefused.class))
                  .returns(Why.BUSY, UploadRefused::why);
              uploads.letGo(ID);
              uploads.sweep(_ -> false);
            }),
            new ByteArrayInputStream(DUMP));
    assertThat(uploads.take(arrival(-1), first).sha256()).isEqualTo(hash(DUMP));
    assertThat(left()).hasSize(1);
  }

  @Test
  @DisplayName("copies/A2: what lies there under a repeated key is not replaced by something else")
  void repeated() throws Exception {
    uploads.take(arrival(-1), new ByteArrayInputStream(DUMP));
    uploads.letGo(ID);
    assertThat(uploads.take(arrival(-1), new ByteArrayInputStream(DUMP)).bytes())
        .isEqualTo(DUMP.length);
    uploads.letGo(ID);
    assertThatThrownBy(() -> uploads.take(arrival(-1), new ByteArrayInputStream(new byte[9])))
        .asInstanceOf(type(UploadRefused.class))
        .returns(Why.WRONG, UploadRefused::why);
    assertThat(left()).singleElement().satisfies(file -> assertThat(file).hasBinaryContent(DUMP));
  }

  @Test
  @DisplayName("copies/A2: what a killed daemon left goes; what is nobody's upload stays")
  void leftovers() throws Exception {
    Path room = Files.createDirectories(volume.resolve(".cotidal/.uploads/shop"));
    Path half = Files.write(room.resolve(".new-" + ID), DUMP);
    Path whole = Files.write(room.resolve(ID), DUMP);
    Path others = Files.write(room.resolve("notes"), DUMP);
    uploads.sweep(ID::equals);
    assertThat(left()).containsExactly(others, whole);
    uploads.sweep(_ -> false);
    assertThat(left()).containsExactly(others);
    assertThat(half).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "shop.sql.gz,shop.sql.gz",
    "../../etc/passwd,passwd",
    "C:\\dumps\\shop.sql,shop.sql",
    "a b\u2028c'\"$(id).sql,a_b_c____id_.sql",
    "/,dump"
  })
  @DisplayName(
      "copies/C1: what a dump is called elsewhere is shown as a plain name, and is no path")
  void names(String sent, String shown) {
    assertThat(Acts.fileName(sent)).isEqualTo(shown);
    assertThat(Acts.fileName("x".repeat(500) + ".sql")).hasSize(100).endsWith(".sql");
    for (String path :
        List.of("../u" + "0".repeat(31), ID + "/", ID + "\n", "U" + ID.substring(1))) {
      assertThatThrownBy(() -> new Uploads.Arrival(path, 1, Optional.empty()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
