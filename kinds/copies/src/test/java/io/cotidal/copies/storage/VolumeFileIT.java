package io.cotidal.copies.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.lab.LoopVolume;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
@DisplayName("a volume in a file")
final class VolumeFileIT {
  private ServerRegistry lab;
  private Path ground;

  @BeforeEach
  void open() throws Exception {
    String impossible = LoopVolume.impossible();
    Assumptions.assumeTrue(impossible.isEmpty(), "SKIPPED, nothing proven: " + impossible);
    lab = ServerRegistry.open(StateFolder.ofUser());
    ground = lab.folder("volume files");
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

  @ParameterizedTest
  @EnumSource
  @DisplayName("copies/E6: init makes it, attach brings it back after a restart, detach lets it go")
  void life(VolumeFile.Type type) throws Exception {
    VolumeFile file = new VolumeFile(ground.resolve("a volume"));
    file.init(400L << 20, type, soon());
    Volume volume = LocalVolume.open(file.folder(), soon());
    assertThat(volume.method())
        .isEqualTo(
            switch (type) {
              case BTRFS -> Volume.Method.SNAPSHOT;
              case XFS -> Volume.Method.REFLINK;
            });
    Files.writeString(file.folder().resolve("kept"), "text");
    assertThat(file.attach(soon())).isFalse();
    assertThat(file.init(400L << 20, type, soon())).isFalse();
    assertThat(file.folder().resolve("kept")).hasContent("text");
    assertThatThrownBy(() -> file.init(401L << 20, type, soon()))
        .hasMessageContaining("there is such a file already, of another size");
    VolumeFile.Type other =
        type == VolumeFile.Type.XFS ? VolumeFile.Type.BTRFS : VolumeFile.Type.XFS;
    assertThatThrownBy(() -> file.init(400L << 20, other, soon()))
        .hasMessageContaining("there is such a file already, of another size or type");
    file.detach(soon());
    file.detach(soon());
    assertThat(file.folder()).isEmptyDirectory();
    assertThat(new VolumeFile(file.folder()).attach(soon())).isTrue();
    assertThat(file.folder().resolve("kept")).hasContent("text");
    // It takes room for what is written only.
    try (SystemCalls calls = new SystemCalls()) {
      assertThat(calls.taken(file.image())).isLessThan(100L << 20);
    }
  }

  @Test
  @DisplayName("what is there already is never touched, and a size that cannot be is refused")
  void refusals() throws Exception {
    VolumeFile file = new VolumeFile(ground.resolve("volume"));
    assertThatThrownBy(() -> file.init(1 << 20, VolumeFile.Type.XFS, soon()))
        .hasMessageContaining("at least 300 MiB");
    assertThatThrownBy(() -> file.init(1L << 50, VolumeFile.Type.BTRFS, soon()))
        .hasMessageContaining("MiB free");
    assertThatThrownBy(() -> file.attach(soon())).hasMessageContaining("no such file");
    Files.createDirectory(file.folder());
    Files.writeString(file.folder().resolve("precious"), "kept");
    assertThatThrownBy(() -> file.init(400L << 20, VolumeFile.Type.BTRFS, soon()))
        .hasMessageContaining("something in it already");
    assertThat(file.image()).doesNotExist();
    Files.writeString(file.image(), "no file system");
    assertThatThrownBy(() -> file.attach(soon())).hasMessageContaining("neither btrfs nor XFS");
    assertThat(file.folder().resolve("precious")).hasContent("kept");
    assertThat(file.image()).hasContent("no file system");
  }
}
