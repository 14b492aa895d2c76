package io.cotidal.app.copies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.lab.LoopVolume;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.lab.StateFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code cot volume} as an operator types it, on real file systems. */
@Timeout(120)
@DisplayName("cot volume")
final class VolumeCommandIT {
  private static final CommandLine COT =
      new CommandLine(
          Map.of(),
          List.of(
              new VolumeCommand(VolumeCommand.Verb.INIT),
              new VolumeCommand(VolumeCommand.Verb.ATTACH),
              new VolumeCommand(VolumeCommand.Verb.DETACH)));

  private ServerRegistry lab;
  private Path ground;

  @BeforeEach
  void open() throws Exception {
    String impossible = LoopVolume.impossible();
    if (!impossible.isEmpty() && "1".equals(System.getenv("COT_REQUIRE_SERVERS"))) {
      throw new AssertionError(impossible);
    }
    assumeTrue(impossible.isEmpty(), () -> "SKIPPED, no volume proven: " + impossible);
    lab = ServerRegistry.open(StateFolder.ofUser(), Path.of(System.getProperty("java.io.tmpdir")));
    ground = lab.folder("volume");
  }

  @AfterEach
  void close() throws Exception {
    if (lab != null) {
      lab.close();
    }
  }

  private static CommandLine.Result volume(String... words) {
    String[] line = new String[words.length + 1];
    line[0] = "volume";
    System.arraycopy(words, 0, line, 1, words.length);
    return COT.run(line);
  }

  private static String type(Path folder) throws Exception {
    return Files.getFileStore(folder).type();
  }

  @ParameterizedTest(
      name = "copies/E6: a {0} volume is made, found made, let go, brought back, removed")
  @ValueSource(strings = {"btrfs", "xfs"})
  void life(String type) throws Exception {
    Path folder = ground.resolve("here");
    Path image = ground.resolve("here.img");
    String[] init = {"init", folder.toString(), "--size", "400MiB", "--type", type};
    CommandLine.Result made = volume(init);
    assertThat(made.exit()).as("%s", made).isZero();
    assertThat(made.out())
        .contains("a " + type + " volume is mounted at " + folder, "cot volume attach " + folder)
        .doesNotContain("made before");
    assertThat(type(folder)).isEqualTo(type);
    Files.writeString(folder.resolve("kept"), "text");

    CommandLine.Result again = volume(init);
    assertThat(again.exit()).as("%s", again).isZero();
    assertThat(again.out()).contains("made before");
    assertThat(volume("attach", folder.toString()).out()).contains("was mounted already");
    assertThat(folder.resolve("kept")).hasContent("text");
    CommandLine.Result other = volume("init", folder.toString(), "--size", "500MiB");
    assertThat(other.exit()).isEqualTo(1);
    assertThat(other.err()).contains("there is such a file already");

    for (int times = 0; times < 2; times++) {
      CommandLine.Result gone = volume("detach", folder.toString());
      assertThat(gone.exit()).as("%s", gone).isZero();
      assertThat(gone.out()).contains(image + " keeps its content");
      assertThat(folder).isEmptyDirectory();
    }
    // Not mounted, but made before: asked for again it comes back with what is in it.
    assertThat(volume(init).out()).contains("made before");
    assertThat(folder.resolve("kept")).hasContent("text");
    assertThat(volume("detach", folder.toString()).exit()).isZero();
    assertThat(volume("attach", folder.toString()).out()).contains("is mounted");
    assertThat(volume("detach", folder.toString()).exit()).isZero();
    Files.delete(image);
    assertThat(volume("attach", folder.toString()).err()).contains("no such file");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  @DisplayName("copies/E6: a volume in use is not let go, and says so")
  void used() throws Exception {
    Path folder = ground.resolve("here");
    assertThat(volume("init", folder.toString(), "--size", "200MiB").exit()).isZero();
    try (var _ = Files.newOutputStream(folder.resolve("open"))) {
      CommandLine.Result busy = volume("detach", folder.toString());
      assertThat(busy.exit()).isEqualTo(1);
      assertThat(busy.err()).startsWith("cot: umount: ").contains("busy");
      assertThat(type(folder)).isEqualTo("btrfs");
    }
    assertThat(volume("detach", folder.toString()).exit()).isZero();
  }

  @Test
  @DisplayName("copies/E6: what is there already is never touched")
  void precious() throws Exception {
    Path folder = Files.createDirectory(ground.resolve("here"));
    Files.writeString(folder.resolve("precious"), "kept");
    CommandLine.Result refused = volume("init", folder.toString(), "--size", "200MiB");
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains("something in it already");
    Path image = Files.writeString(ground.resolve("here.img"), "no volume");
    assertThat(volume("init", folder.toString(), "--size", "200MiB").exit()).isEqualTo(1);
    assertThat(volume("attach", folder.toString()).exit()).isEqualTo(1);
    assertThat(folder.resolve("precious")).hasContent("kept");
    assertThat(image).hasContent("no volume");
  }

  @ParameterizedTest(name = "copies/C1: {0} makes nothing")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "init HERE | 2 | --size is missing",
        "init | 2 | name the folder",
        "init HERE --size much | 2 | much",
        "init HERE --size 200MiB --type ext4 | 2 | write btrfs or xfs",
        "init HERE --size 200MiB --force | 2 | '--force' is not understood",
        "init HERE --size 1MiB | 1 | needs at least 128 MiB",
        "init HERE --size 90000GiB | 1 | MiB free",
        "init HERE/deeper/still --size 200MiB | 1 | no such folder",
        "attach HERE | 1 | no such file",
        "attach HERE --size 200MiB | 2 | '--size' is not understood",
        "detach | 2 | name the folder"
      })
  void refusals(String line, int exit, String reason) throws Exception {
    String[] words = line.strip().replace("HERE", ground.resolve("here").toString()).split(" ");
    CommandLine.Result result = volume(words);
    assertThat(result.exit()).as("%s", result).isEqualTo(exit);
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err()).startsWith("cot: ").contains(reason.strip());
    assertThat(ground.resolve("here")).doesNotExist();
    assertThat(ground.resolve("here.img")).doesNotExist();
  }
}
