package io.cotidal.copies.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import io.cotidal.lab.LoopVolume;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
@DisplayName("a volume in trouble")
final class VolumeTroublesIT {
  private ServerRegistry lab;

  @BeforeEach
  void open() throws Exception {
    String impossible = LoopVolume.impossible();
    Assumptions.assumeTrue(impossible.isEmpty(), "SKIPPED, nothing proven: " + impossible);
    lab = ServerRegistry.open(StateFolder.ofUser());
  }

  @AfterEach
  void close() throws IOException {
    if (lab != null) {
      lab.close();
    }
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(60));
  }

  private static Path data(Volume volume) throws Exception {
    Path data = volume.root().resolve("data");
    volume.make(data, soon());
    Files.writeString(data.resolve("file"), "text");
    return data;
  }

  @ParameterizedTest
  @EnumSource(names = {"BTRFS", "XFS", "EXT4"})
  @DisplayName("copies/E6: a volume that became read-only says so, and works again afterwards")
  void readOnly(LoopVolume.Type type) throws Exception {
    LoopVolume loop = LoopVolume.make(lab, type, 400L << 20);
    Volume volume = LocalVolume.open(loop.folder(), soon());
    Path data = data(volume);
    Path copy = volume.root().resolve("copy");
    loop.readOnly(true);
    for (Attempt attempt :
        List.<Attempt>of(
            () -> volume.copy(data, copy, -1, VolumeConformance::nothing, soon()),
            () -> volume.make(copy, soon()),
            () -> volume.remove(data, soon()),
            () -> LocalVolume.open(loop.folder(), soon()))) {
      assertThatThrownBy(attempt::go)
          .hasMessageContaining("is read-only")
          .asInstanceOf(type(VolumeException.class))
          .returns(VolumeException.Trouble.READ_ONLY, VolumeException::trouble);
    }
    volume.remove(copy, soon());
    assertThat(volume.space().total()).isPositive();
    assertThat(data.resolve("file")).hasContent("text");
    loop.readOnly(false);
    volume.copy(data, copy, -1, VolumeConformance::nothing, soon());
    assertThat(copy.resolve("file")).hasContent("text");
  }

  @ParameterizedTest
  @EnumSource(names = {"BTRFS", "XFS", "EXT4"})
  @DisplayName(
      "copies/A3: a copy for which there is no room says so, and what it took is given back")
  void full(LoopVolume.Type type) throws Exception {
    LoopVolume loop = LoopVolume.make(lab, type, 400L << 20);
    Volume volume = LocalVolume.open(loop.folder(), soon());
    Path data = data(volume);
    // Even a copy that shares everything needs room for its many names.
    Path many = Files.createDirectory(data.resolve("many"));
    for (int i = 0; i < 3000; i++) {
      Files.write(many.resolve("f" + i), new byte[5000]);
    }
    Path ballast = volume.root().resolve("ballast");
    fill(ballast);
    Path copy = volume.root().resolve("copy");
    List<Path> made = new ArrayList<>();
    assertThatThrownBy(() -> copyUntilFull(volume, data, made))
        .hasMessageContaining("is full")
        .asInstanceOf(type(VolumeException.class))
        .returns(VolumeException.Trouble.FULL, VolumeException::trouble);
    assertThat(volume.root().resolve(".new-copy" + made.size())).doesNotExist();
    volume.remove(ballast, soon());
    for (Path each : made) {
      volume.remove(each, soon());
    }
    // btrfs gives the room of removed subvolumes back by and by.
    await()
        .atMost(Duration.ofSeconds(40))
        .ignoreExceptionsInstanceOf(VolumeException.class)
        .until(() -> {
          volume.settle();
          volume.copy(data, copy, -1, VolumeConformance::nothing, soon());
          return true;
        });
    assertThat(copy.resolve("many/f2999")).hasSize(5000);
  }

  private static void copyUntilFull(Volume volume, Path data, List<Path> made) throws Exception {
    while (made.size() < 2000) {
      Path copy = volume.root().resolve("copy" + made.size());
      volume.copy(data, copy, 200_017, VolumeConformance::nothing, soon());
      made.add(copy);
    }
  }

  private static void fill(Path file) {
    byte[] noise = new byte[64 * 1024];
    new Random(7).nextBytes(noise);
    try (var out = Files.newOutputStream(file)) {
      while (true) {
        out.write(noise);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("space");
    }
  }

  @Test
  @DisplayName("a volume in a file never claims more room than the disk that carries the file has")
  void twoLevels() throws Exception {
    LoopVolume carrier = LoopVolume.make(lab, LoopVolume.Type.EXT4, 300L << 20);
    VolumeFile inner = new VolumeFile(carrier.folder().resolve("inner"));
    assertThatThrownBy(() -> inner.init(2L << 30, VolumeFile.Type.BTRFS, soon()))
        .hasMessageContaining("only");
    inner.init(200L << 20, VolumeFile.Type.BTRFS, soon());
    Volume volume = LocalVolume.open(inner.folder(), soon());
    Files.write(carrier.folder().resolve("eaten"), new byte[(int) (room(carrier) - (20 << 20))]);
    assertThat(volume.space().free()).isLessThanOrEqualTo(21L << 20);
    assertThat(volume.space().total()).isEqualTo(200L << 20);
    inner.detach(soon());
  }

  private static long room(LoopVolume volume) throws IOException {
    return Files.getFileStore(volume.folder()).getUsableSpace();
  }

  @FunctionalInterface
  private interface Attempt {
    void go() throws Exception;
  }
}
