package io.cotidal.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class FilesTest {
  @TempDir Path folder;

  @Test
  void writtenFileIsWholeAndPrivate() throws Exception {
    Path file = folder.resolve("secret");
    Durable.write(file, "one", null, "rw-------");
    Durable.write(file, "two", null, "rw-------");
    assertThat(file).hasContent("two");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(folder.toFile().list()).containsExactly("secret");
  }

  @Test
  void emptyingFollowsNoLink() throws Exception {
    Path kept = Files.writeString(Files.createDirectory(folder.resolve("kept")).resolve("f"), "x");
    Path emptied = Files.createDirectories(folder.resolve("emptied/deep"));
    Files.createSymbolicLink(emptied.resolve("link"), kept.resolve(".."));
    Durable.empty(folder.resolve("emptied"));
    assertThat(folder.resolve("emptied")).isEmptyDirectory();
    assertThat(kept).exists();
  }

  @Test
  void copyLeavesOutAndReports() throws Exception {
    Path source = Files.createDirectories(folder.resolve("source/a/b"));
    byte[] large = new byte[20_000_000];
    java.util.Arrays.fill(large, (byte) 7);
    Files.write(source.resolve("large"), large);
    Files.writeString(source.resolve("not"), "x");
    Files.createDirectory(source.resolve("hidden"));
    Files.writeString(source.resolve("hidden/inside"), "x");
    Path target = Files.createDirectory(folder.resolve("target"));
    List<Long> progress = new ArrayList<>();
    TreeCopy copy = new TreeCopy(folder.resolve("source"), target, Optional.empty(), progress::add);
    copy.copy(path -> path.endsWith("not") || path.endsWith("hidden"));
    copy.file(Path.of("a/vanished"));
    assertThat(target.resolve("a/b/large")).hasBinaryContent(large);
    assertThat(target.resolve("a/b/not")).doesNotExist();
    assertThat(target.resolve("a/b/hidden")).doesNotExist();
    assertThat(copy.bytes()).isEqualTo(20_000_000);
    assertThat(progress).hasSizeGreaterThan(1).isSorted();
  }
}
