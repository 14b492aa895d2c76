package io.cotidal.copies.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.lab.LoopVolume;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
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
@DisplayName("the disk quota of one copy")
final class QuotaIT {
  private static final int MIB = 1 << 20;

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

  /** Writes that many MiB of noise at the beginning of a file, and puts them on the disk. */
  private static void write(Path file, int many) throws IOException {
    byte[] noise = new byte[MIB];
    Random random = new Random(7);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int i = 0; i < many; i++) {
        random.nextBytes(noise);
        channel.write(ByteBuffer.wrap(noise));
        channel.force(false);
      }
    }
  }

  @Test
  @DisplayName("copies/E1: on btrfs a copy may write so much of its own; others do not notice")
  void btrfs() throws Exception {
    LoopVolume loop = LoopVolume.make(lab, LoopVolume.Type.BTRFS, 1L << 30);
    Volume volume = LocalVolume.open(loop.folder(), soon());
    Path template = volume.root().resolve("template");
    volume.make(template, soon());
    // More than the quota, from before anybody counted.
    write(template.resolve("data"), 60);
    volume.requireLimits();
    volume.requireLimits();
    Path limited = volume.root().resolve("limited");
    Path other = volume.root().resolve("other");
    for (Path copy : new Path[] {limited, other}) {
      volume.copy(template, copy, -1, VolumeConformance::nothing, soon());
    }
    volume.limit(limited, 20L * MIB);

    write(limited.resolve("own"), 10);
    assertThatThrownBy(() -> write(limited.resolve("more"), 20))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("quota");
    // What it shares becomes its own when it is written over.
    assertThatThrownBy(() -> write(limited.resolve("data"), 20))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("quota");
    write(other.resolve("own"), 100);
    write(template.resolve("more"), 100);
    assertThat(Files.size(template.resolve("data"))).isEqualTo(60L * MIB);

    volume.limit(limited, 60L * MIB);
    write(limited.resolve("more"), 20);
    volume.remove(limited, soon());
    volume.copy(template, limited, -1, VolumeConformance::nothing, soon());
    // A copy of the same name is another one: nobody has limited it yet.
    write(limited.resolve("own"), 100);
  }

  @Test
  @DisplayName("copies/E1: a folder that is no subvolume is refused, lest all around it be limited")
  void folder() throws Exception {
    LoopVolume loop = LoopVolume.make(lab, LoopVolume.Type.BTRFS, 400L << 20);
    Volume volume = LocalVolume.open(loop.folder(), soon());
    volume.requireLimits();
    Path folder = Files.createDirectory(volume.root().resolve("folder"));
    assertThatThrownBy(() -> volume.limit(folder, MIB)).hasMessageContaining("no subvolume");
    write(folder.resolve("file"), 10);
  }

  @ParameterizedTest
  @EnumSource(names = {"XFS", "EXT4"})
  @DisplayName("copies/E1: a volume that cannot limit a copy says so, and how to go on")
  void others(LoopVolume.Type type) throws Exception {
    LoopVolume loop = LoopVolume.make(lab, type, 400L << 20);
    Volume volume = LocalVolume.open(loop.folder(), soon());
    assertThatThrownBy(volume::requireLimits)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("quota: volume " + volume.root())
        .hasMessageContaining("btrfs")
        .hasMessageContaining("leave it out");
  }
}
