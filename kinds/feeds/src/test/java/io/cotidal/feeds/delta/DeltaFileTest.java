package io.cotidal.feeds.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.feeds.delta.DeltaException.Why;
import io.cotidal.feeds.delta.KeyState.Entry;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
@DisplayName("feeds: the file of a delta")
final class DeltaFileTest {
  private static final Shape SHAPE =
      new Shape(
          "data \"x\"",
          "t",
          List.of(new Shape.Column("id", "integer"), new Shape.Column("name", "text")),
          List.of("id"));
  private static final TableDigest BASE = new TableDigest(7, -1);
  private static final TableDigest TARGET = new TableDigest(8, 0x1234L);

  @TempDir Path folder;

  private static byte[] field(byte[] value) {
    return ByteBuffer.allocate(4 + value.length).putInt(value.length).put(value).array();
  }

  private static byte[] key(int id) {
    return field(ByteBuffer.allocate(4).putInt(id).array());
  }

  private static byte[] row(int id, String name) {
    byte[] text = field(name.getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.allocate(8 + text.length).put(key(id)).put(text).array();
  }

  private Path file() throws IOException {
    Path file = folder.resolve("delta");
    try (DeltaWriter writer = new DeltaWriter(file)) {
      writer.delete(key(3));
      writer.upsert(row(4, "four"));
      writer.upsert(row(5, "f\u00fcnf ".repeat(50)));
      writer.keep(SHAPE, BASE, TARGET);
    }
    return file;
  }

  private static byte[] all(InputStream in) throws IOException {
    try (in) {
      return in.readAllBytes();
    }
  }

  private static void readAll(Path file, DeltaLimits limits) throws Exception {
    try (DeltaReader reader = DeltaReader.open(file, limits)) {
      all(reader.deleted());
      all(reader.upserted());
    } catch (IOException e) {
      throw DeltaReader.refused(e);
    }
  }

  @Test
  void whatWasWrittenIsRead() throws Exception {
    Path file = file();
    try (DeltaReader reader = DeltaReader.open(file, DeltaLimits.USUAL)) {
      assertThat(reader.header().shape()).isEqualTo(SHAPE);
      assertThat(reader.base()).isEqualTo(BASE);
      assertThat(reader.target()).isEqualTo(TARGET);
      assertThat(reader.deletes()).isEqualTo(1);
      assertThat(reader.upserts()).isEqualTo(2);
      assertThat(all(reader.deleted()))
          .isEqualTo(join(CopyForm.HEAD, new byte[] {0, 1}, key(3), CopyForm.TAIL));
      assertThat(all(reader.upserted()))
          .isEqualTo(
              join(
                  CopyForm.HEAD,
                  new byte[] {0, 2},
                  row(4, "four"),
                  new byte[] {0, 2},
                  row(5, "f\u00fcnf ".repeat(50)),
                  CopyForm.TAIL));
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(file);
    }
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(out::writeBytes);
    return out.toByteArray();
  }

  @Test
  void anyBitThatTurnedAndAnyByteThatIsMissingIsSeen() throws Exception {
    byte[] good = Files.readAllBytes(file());
    Path bad = folder.resolve("bad");
    for (int i = 0; i < good.length; i++) {
      byte[] turned = good.clone();
      turned[i] ^= (byte) (1 << i % 8);
      Files.write(bad, turned);
      refused(bad);
      Files.write(bad, Arrays.copyOf(good, i));
      refused(bad);
    }
  }

  private static void refused(Path file) {
    assertThatThrownBy(() -> readAll(file, DeltaLimits.USUAL))
        .isInstanceOfSatisfying(
            DeltaException.class,
            e -> {
              assertThat(e.why()).isEqualTo(Why.CORRUPT);
              assertThat(e.line()).doesNotContain("\n").contains("load");
            });
  }

  /** A file of somebody who knows how to make the digest right. */
  private Path forged(UnaryOperator<String> header, byte[] deletes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (var zstd = new com.github.luben.zstd.ZstdOutputStream(packed)) {
      zstd.write(deletes);
    }
    DeltaHeader honest =
        new DeltaHeader(
            SHAPE,
            BASE,
            TARGET,
            new DeltaHeader.Section(1, packed.size()),
            new DeltaHeader.Section(0, 0));
    byte[] json =
        header
            .apply(new String(honest.bytes(), StandardCharsets.UTF_8))
            .getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(out);
    data.write(DeltaReader.MAGIC);
    data.writeShort(1);
    data.writeInt(json.length);
    data.write(json);
    data.write(packed.toByteArray());
    data.write(DeltaReader.sha256().digest(out.toByteArray()));
    return Files.write(folder.resolve("forged"), out.toByteArray());
  }

  @Test
  void aRightDigestExcusesNoHostileRecord() throws Exception {
    readAll(forged(h -> h, key(1)), DeltaLimits.USUAL);
    refused(forged(h -> h, new byte[] {0x7f, -1, -1, -1, 1}));
    refused(forged(h -> h, new byte[] {-1, -1, -1, -2}));
    refused(forged(h -> h, join(key(1), key(2))));
    refused(forged(h -> h, Arrays.copyOf(key(1), 6)));
    refused(forged(h -> h, new byte[0]));
    assertThatThrownBy(
            () -> readAll(forged(h -> h, field(new byte[5000])), new DeltaLimits(1000, 1 << 20)))
        .isInstanceOf(DeltaException.class);
    assertThatThrownBy(() -> readAll(forged(h -> h, key(1)), new DeltaLimits(1000, 5)))
        .isInstanceOf(DeltaException.class);
  }

  @Test
  void aRightDigestExcusesNoHostileHeader() throws Exception {
    refused(forged(h -> h.replace("\"records\":1", "\"records\":-1"), key(1)));
    refused(forged(h -> h.replace("\"records\":1", "\"records\":99999999999"), key(1)));
    refused(
        forged(
            h -> h.replaceAll("\"bytes\":[1-9][0-9]*", "\"bytes\":9223372036854775807"), key(1)));
    refused(forged(h -> h.replace("\"key\":[\"id\"]", "\"key\":[\"other\"]"), key(1)));
    refused(forged(h -> h.replace("\"key\":[\"id\"]", "\"key\":[]"), key(1)));
    refused(forged(h -> h.replace("\"name\":\"id\"", "\"name\":\"name\""), key(1)));
    refused(forged(h -> h.replace("7:ffffffffffffffff", "x"), key(1)));
    refused(forged(h -> "[".repeat(5000), key(1)));
    refused(forged(h -> "{}", key(1)));
    refused(forged(h -> "", key(1)));
  }

  @Test
  void aFileThatIsNotThereIsNoCorruptOne() {
    assertThatThrownBy(() -> DeltaReader.open(folder.resolve("none"), DeltaLimits.USUAL))
        .isInstanceOfSatisfying(DeltaException.class, e -> assertThat(e.why()).isEqualTo(Why.FILE));
  }

  @Test
  void digestsAddUpWhateverTheOrder() {
    TableDigest a = new TableDigest(1, Long.MAX_VALUE);
    TableDigest b = new TableDigest(1, 77);
    assertThat(a.plus(b)).isEqualTo(b.plus(a));
    assertThat(a.plus(b)).isEqualTo(new TableDigest(2, Long.MIN_VALUE + 76));
    assertThat(TableDigest.of(3, "-18446744073709551617").sum()).isEqualTo(-1);
    assertThat(TableDigest.read(BASE.toString())).contains(BASE);
    assertThat(TableDigest.read("-1:0")).isEqualTo(Optional.empty());
  }

  @Test
  void theStateOfALastPackIsTakenWholeOrNotAtAll() throws Exception {
    Path file = folder.resolve("keys");
    assertThat(KeyState.open(file)).isEmpty();
    try (KeyState.Writer writer = new KeyState.Writer(file)) {
      writer.add(new Entry(key(1), 0));
      writer.add(new Entry(key(2), 0));
      writer.keep(SHAPE, new TableDigest(2, 0));
    }
    try (KeyState state = KeyState.open(file).orElseThrow()) {
      assertThat(state.shape()).isEqualTo(SHAPE);
      Entry first = state.next();
      assertThat(first == null ? null : first.key()).isEqualTo(key(1));
      assertThat(state.next()).isNotNull();
      assertThat(state.next()).isNull();
    }
    byte[] good = Files.readAllBytes(file);
    for (int i = 0; i < good.length; i++) {
      Files.write(file, Arrays.copyOf(good, i));
      assertThat(KeyState.open(file)).isEmpty();
    }
  }
}
