package io.cotidal.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class LoopVolumeIT {
  @TempDir Path folder;

  private static String mounts() throws Exception {
    return Files.readString(Path.of("/proc/self/mountinfo"));
  }

  private static boolean carried(Path image) throws Exception {
    try (var blocks = Files.newDirectoryStream(Path.of("/sys/block"), "loop[0-9]*")) {
      for (Path block : blocks) {
        Path file = block.resolve("loop/backing_file");
        if (Files.exists(file) && Files.readString(file).startsWith(image.toString())) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  @DisplayName(
      "the volume of a lab that was killed is unmounted and removed when the next one opens")
  void killed() throws Exception {
    String impossible = LoopVolume.impossible();
    Assumptions.assumeTrue(impossible.isEmpty(), "SKIPPED, nothing proven: " + impossible);
    Path state = folder.resolve("state");
    ServerRegistry lab = ServerRegistry.open(state, folder.resolve("base"));
    LoopVolume dead = LoopVolume.make(lab, LoopVolume.Type.BTRFS, 128L << 20);
    LoopVolume.run(
        folder,
        java.util.List.of("/usr/bin/btrfs", "-q", "subvolume", "create", dead.folder() + "/s"));
    assertThat(mounts()).contains(dead.folder().toString());
    // As a killed lab looks to others: its file names an owner that no longer lives.
    Path file;
    try (var files = Files.newDirectoryStream(state.resolve("lab"), "*.owner")) {
      file = files.iterator().next();
    }
    String text = Files.readString(file);
    String self = ServerRegistry.self().toString();
    assertThat(text).contains("owner " + self);
    Files.writeString(file, text.replace("owner " + self, "owner " + self + "9"));

    ServerRegistry next = ServerRegistry.open(state, folder.resolve("base"));
    assertThat(next.swept().folders()).isEqualTo(1);
    assertThat(next.swept().unreadable()).isEmpty();
    assertThat(mounts()).doesNotContain(dead.folder().toString());
    assertThat(carried(dead.image())).isFalse();
    assertThat(dead.image()).doesNotExist();

    LoopVolume mine = LoopVolume.make(next, LoopVolume.Type.XFS, 300L << 20);
    next.close();
    assertThat(mounts()).doesNotContain(mine.folder().toString());
    assertThat(carried(mine.image())).isFalse();
    assertThat(mine.image()).doesNotExist();
    lab.close();
  }
}
