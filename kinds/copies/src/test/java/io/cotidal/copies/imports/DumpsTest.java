package io.cotidal.copies.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

@Timeout(30)
@DisplayName("Dumps")
final class DumpsTest {
  @TempDir Path folder;

  private static byte[] packed(Dump.Packing packing, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        switch (packing) {
          case NONE -> bytes;
          case GZIP -> new GZIPOutputStream(bytes);
          case ZSTD -> new ZstdOutputStream(bytes);
          case XZ -> new XZOutputStream(bytes, new LZMA2Options(1));
        }) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  private Path file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private String refusal(Path file) {
    return org.assertj.core.api.Assertions.catchThrowableOfType(
            DumpException.class, () -> Dumps.recognise(folder, file))
        .getMessage();
  }

  private static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new Random(7).nextBytes(bytes);
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) ('a' + (bytes[i] & 15));
    }
    return bytes;
  }

  @ParameterizedTest
  @EnumSource(Dump.Packing.class)
  @DisplayName("copies/A6: a dump is told by its content and read whole, however it is packed")
  void everyPacking(Dump.Packing packing) throws Exception {
    byte[] content = noise(200_000);
    Path file = file("misnamed.txt", packed(packing, content));
    Dump dump = Dumps.recognise(folder, file);
    assertThat(dump)
        .isEqualTo(new Dump(file.toRealPath(), Dump.Form.SQL, packing, Files.size(file)));
    try (OpenDump open = Dumps.open(dump, Limits.USUAL)) {
      assertThat(open.readAllBytes()).isEqualTo(content);
      assertThat(open.consumed()).isEqualTo(Files.size(file));
    }
  }

  @ParameterizedTest
  @EnumSource(value = Dump.Packing.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  @DisplayName("copies/A2: a packed dump that was cut is refused as cut")
  void cut(Dump.Packing packing) throws Exception {
    byte[] whole = packed(packing, noise(500_000));
    Path file = file("cut", Arrays.copyOf(whole, whole.length - 1000));
    Dump dump = new Dump(file, Dump.Form.SQL, packing, Files.size(file));
    try (OpenDump open = Dumps.open(dump, Limits.USUAL)) {
      assertThatThrownBy(open::readAllBytes)
          .isInstanceOf(DumpException.class)
          .hasMessageContaining("cut short");
    }
  }

  @ParameterizedTest
  @EnumSource(value = Dump.Packing.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  @DisplayName("copies/A2: a bomb is refused before it fills the disk")
  void bomb(Dump.Packing packing) throws Exception {
    Path file = file("bomb", packed(packing, new byte[(int) Limits.FREE * 2]));
    Dump dump = new Dump(file, Dump.Form.SQL, packing, Files.size(file));
    try (OpenDump open = Dumps.open(dump, new Limits(100, 1L << 40))) {
      assertThatThrownBy(() -> open.transferTo(OutputStream.nullOutputStream()))
          .isInstanceOf(DumpException.class)
          .hasMessageContaining("swells");
    }
    try (OpenDump open = Dumps.open(dump, new Limits(1 << 20, 1000))) {
      assertThatThrownBy(() -> open.transferTo(OutputStream.nullOutputStream()))
          .hasMessageContaining("more than 1000 bytes");
    }
  }

  @Test
  @DisplayName("copies/A2: what is no dump is refused by its name")
  void noDumps() throws Exception {
    assertThat(refusal(file("a", new byte[0]))).contains("is empty");
    assertThat(refusal(file("b", packed(Dump.Packing.GZIP, new byte[0])))).contains("is empty");
    assertThat(refusal(Files.createDirectory(folder.resolve("c")))).contains("toc.dat is missing");
    assertThat(refusal(file("d", "BZh9xxxx".getBytes(StandardCharsets.US_ASCII))))
        .contains("bzip2");
    assertThat(refusal(file("e", new byte[] {1, 0, 2}))).contains("zero bytes");
    assertThat(refusal(folder.resolve("missing"))).contains("is not there");
  }

  @Test
  @DisplayName("copies/A5: UTF-16 is refused by name")
  void utf16() throws Exception {
    assertThat(refusal(file("le", "\uFEFFSELECT".getBytes(StandardCharsets.UTF_16LE))))
        .contains("UTF-16");
    assertThat(refusal(file("be", "\uFEFFSELECT".getBytes(StandardCharsets.UTF_16BE))))
        .contains("UTF-16");
  }

  @Test
  @DisplayName("copies/A2: a link may not lead out of the dump folder, in whatever part")
  void links(@TempDir Path elsewhere) throws Exception {
    Path outside = Files.writeString(elsewhere.resolve("x.sql"), "SELECT 1;");
    assertThat(refusal(Files.createSymbolicLink(folder.resolve("out.sql"), outside)))
        .contains("leads out");
    Path directory = Files.createDirectory(folder.resolve("shop"));
    Files.writeString(directory.resolve("toc.dat"), "PGDMP...");
    assertThat(Dumps.recognise(folder, directory).form()).isEqualTo(Dump.Form.PG_DIRECTORY);
    Files.createSymbolicLink(directory.resolve("1.dat"), outside);
    assertThat(refusal(directory)).contains("no file");
  }

  @Test
  @DisplayName(
      "copies/C3: names with blanks, quotes and line breaks are read, and shown on one line")
  void names() throws Exception {
    Path file = file("a 'b\"\nc.sql", "SELECT 1;".getBytes(StandardCharsets.US_ASCII));
    assertThat(Dumps.recognise(folder, file).form()).isEqualTo(Dump.Form.SQL);
    assertThat(Dumps.shown(file)).hasLineCount(1);
    assertThatThrownBy(() -> DumpName.template(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a-z 0-9");
    assertThat(DumpName.template(Path.of("/x/shop-1.sql.gz"))).isEqualTo("shop-1");
    assertThat(DumpName.template(Path.of("shop.dump"))).isEqualTo("shop");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..",
        "Shop.sql",
        ".sql",
        "a;rm -rf.sql",
        "`id`.sql",
        "'; DROP.sql",
        "--help",
        "ѕhop.sql"
      })
  @DisplayName("copies/C1: a file name that is no template's name is refused with the rule")
  void wrongNames(String name) {
    assertThatThrownBy(() -> DumpName.template(Path.of(name)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("begin with a letter or digit");
  }
}
