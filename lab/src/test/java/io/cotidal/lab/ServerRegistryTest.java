package io.cotidal.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.remote.ProcessId;
import io.cotidal.remote.ProcessTable;
import io.cotidal.remote.Signal;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ServerRegistryTest {
  @TempDir Path root;

  private ServerRegistry open() throws Exception {
    return ServerRegistry.open(root.resolve("state"), root.resolve("base"));
  }

  private static ProcessId process(long pid) throws Exception {
    return new ProcessTable().find(pid).orElseThrow().id();
  }

  private static ProcessBuilder sleeper() {
    return new ProcessBuilder("sleep", "300");
  }

  /** Opens a lab with a folder and a process, says what they are, and waits to be killed. */
  static final class Victim {
    private Victim() {}

    public static void main(String[] args) throws Exception {
      ServerRegistry registry = ServerRegistry.open(Path.of(args[0]), Path.of(args[1]));
      Path folder = registry.folder("victim");
      Files.writeString(folder.resolve("data"), "x");
      Process process = registry.start(sleeper());
      System.out.println(process.pid() + " " + folder);
      Thread.currentThread().join();
    }
  }

  private Process victim() throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Victim.class.getName(),
            root.resolve("state").toString(),
            root.resolve("base").toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  @Test
  void theNextLabRemovesWhatAKilledOneLeft() throws Exception {
    Process victim = victim();
    String[] said;
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8))) {
      said = out.readLine().split(" ");
    }
    ProcessId orphan = process(Long.parseLong(said[0]));
    Path folder = Path.of(said[1]);
    Process stranger = sleeper().start();

    try (ServerRegistry whileItLives = open()) {
      assertThat(whileItLives.swept()).isEqualTo(new ServerRegistry.Swept(0, 0, 0, List.of()));
      assertThat(new ProcessTable().alive(orphan)).isTrue();
    }
    Signal.KILL.send(process(victim.pid()));
    assertThat(victim.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(new ProcessTable().alive(orphan)).isTrue();
    assertThat(folder).exists();

    try (ServerRegistry next = open()) {
      assertThat(next.swept()).isEqualTo(new ServerRegistry.Swept(1, 1, 1, List.of()));
    }
    assertThat(folder).doesNotExist();
    assertThat(new ProcessTable().alive(orphan)).isFalse();
    assertThat(stranger.isAlive()).isTrue();
    stranger.destroyForcibly();
  }

  @Test
  void closingEndsProcessesAndRemovesFolders() throws Exception {
    Process process;
    Path folder;
    try (ServerRegistry registry = open()) {
      folder = registry.folder("servers");
      Files.createDirectories(folder.resolve("deep/er"));
      process = registry.start(sleeper());
    }
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(folder).doesNotExist();
    assertThat(root.resolve("state/lab")).isDirectoryNotContaining("glob:**.owner");
  }

  @Test
  void aProcessThatGotTheNumberOfARecordedOneIsLeftAlone() throws Exception {
    Process stranger = sleeper().start();
    ProcessId real = process(stranger.pid());
    Path labs = Files.createDirectories(root.resolve("state/lab"));
    Path file = labs.resolve("1-x.owner");
    OwnerFile.append(file, OwnerFile.ownerLine(new ProcessId(real.pid(), 1), OwnerFile.thisBoot()));
    OwnerFile.append(file, OwnerFile.processLine(new ProcessId(real.pid(), 1)));

    try (ServerRegistry registry = open()) {
      assertThat(registry.swept()).isEqualTo(new ServerRegistry.Swept(1, 0, 0, List.of()));
    }
    assertThat(stranger.isAlive()).isTrue();
    stranger.destroyForcibly();
  }

  @Test
  void afterARebootNumbersMeanNothing() throws Exception {
    Process stranger = sleeper().start();
    Path labs = Files.createDirectories(root.resolve("state/lab"));
    Path file = labs.resolve("1-x.owner");
    OwnerFile.append(file, OwnerFile.ownerLine(ServerRegistry.self(), "another-boot"));
    OwnerFile.append(file, OwnerFile.processLine(process(stranger.pid())));

    try (ServerRegistry registry = open()) {
      assertThat(registry.swept()).isEqualTo(new ServerRegistry.Swept(1, 0, 0, List.of()));
    }
    assertThat(stranger.isAlive()).isTrue();
    stranger.destroyForcibly();
  }

  @Test
  void aRecordedFolderWithoutTheMarkIsNotRemoved() throws Exception {
    Path theirs = Files.createDirectories(root.resolve("theirs"));
    Files.writeString(theirs.resolve("precious"), "x");
    Path labs = Files.createDirectories(root.resolve("state/lab"));
    Path file = labs.resolve("1-x.owner");
    OwnerFile.append(file, OwnerFile.ownerLine(new ProcessId(1, 1), "another-boot"));
    OwnerFile.append(file, OwnerFile.folderLine(theirs));

    try (ServerRegistry registry = open()) {
      assertThat(registry.swept().folders()).isZero();
    }
    assertThat(theirs.resolve("precious")).exists();
  }

  @Test
  void aLineCutShortByAKillIsLeftOut() throws Exception {
    Path file = root.resolve("1-x.owner");
    Files.writeString(file, "owner 7@8 boot\nfolder /a b\nprocess 12");
    OwnerFile read = OwnerFile.read(file);
    assertThat(read.owner()).isEqualTo(new ProcessId(7, 8));
    assertThat(read.folders()).containsExactly(Path.of("/a b"));
    assertThat(read.processes()).isEmpty();
  }

  @Test
  void aRecordThatSaysNothingItUnderstandsIsLeftAlone() throws Exception {
    Path labs = Files.createDirectories(root.resolve("state/lab"));
    Path file = Files.writeString(labs.resolve("1-x.owner"), "owner someone 1 2\n");
    try (ServerRegistry registry = open()) {
      assertThat(registry.swept()).isEqualTo(new ServerRegistry.Swept(0, 0, 0, List.of(file)));
    }
    assertThat(file).exists();
  }

  @Test
  void linksInAFolderAreRemovedAndNotFollowed() throws Exception {
    Path theirs = Files.createDirectories(root.resolve("elsewhere"));
    Files.writeString(theirs.resolve("precious"), "x");
    try (ServerRegistry registry = open()) {
      Files.createSymbolicLink(registry.folder("linking").resolve("link"), theirs);
    }
    assertThat(theirs.resolve("precious")).exists();
  }
}
