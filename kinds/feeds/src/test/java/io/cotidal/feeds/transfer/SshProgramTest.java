package io.cotidal.feeds.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The program in the place of ssh")
@Timeout(20)
class SshProgramTest {
  private static final Duration CONNECT = Duration.ofSeconds(7);

  @TempDir Path folder;

  @Test
  @DisplayName("keeps its two files to itself")
  void modes() throws Exception {
    Path program = make(folder.resolve("ssh-program")).program();
    assertThat(mode(program)).isEqualTo("rwx------");
    assertThat(mode(program.resolveSibling("ssh_config"))).isEqualTo("rw-------");
    assertThat(mode(program.getParent())).isEqualTo("rwx------");
  }

  @Test
  @DisplayName("leaves them alone if they are right already, and mends them if they are not")
  void again() throws Exception {
    Path program = make(folder.resolve("a")).program();
    Object first = Files.getAttribute(program, "unix:ino");
    make(folder.resolve("a"));
    assertThat(Files.getAttribute(program, "unix:ino")).isEqualTo(first);
    Files.writeString(program.resolveSibling("ssh_config"), "StrictHostKeyChecking no\n");
    make(folder.resolve("a"));
    assertThat(program.resolveSibling("ssh_config")).content().contains("HostKeyChecking yes");
  }

  @Test
  @DisplayName("is understood by ssh as it is meant, with blanks and percent signs in paths")
  void understood() throws Exception {
    Path odd = Files.createDirectory(folder.resolve("a key's 100%h place"));
    SshProgram made =
        new SshProgram(
            folder.resolve("b"), odd.resolve("key one"), odd.resolve("hosts two"), 2222, CONNECT);
    List<String> said = asked(made.program(), "-G", "master.example");
    assertThat(said)
        .contains(
            "port 2222",
            "batchmode yes",
            "identitiesonly yes",
            "stricthostkeychecking true",
            "updatehostkeys false",
            "clearallforwardings yes",
            "permitlocalcommand no",
            "globalknownhostsfile none",
            "connecttimeout 7",
            "userknownhostsfile " + odd.resolve("hosts two"))
        .filteredOn(line -> line.startsWith("identityfile "))
        .containsExactly("identityfile " + odd.resolve("key one").toString().replace("%h", "%%h"));
    assertThat(said).noneMatch(line -> line.startsWith("proxycommand"));
  }

  @Test
  @DisplayName("refuses paths that would be misread")
  void refused() {
    for (String each : List.of("two words", "quo'te", "a$b", "a;b", "a\"b", "a\nb", "a*", "~a")) {
      assertThatThrownBy(() -> make(folder.resolve(each)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("choose another folder")
          .message()
          .doesNotContain("\n");
      assertThat(folder.resolve(each)).doesNotExist();
    }
    for (String each : List.of("a\"b", "a${HOME}", "a\nProxyCommand b", "a\\b")) {
      assertThatThrownBy(() ->
              new SshProgram(folder.resolve("c"), folder.resolve(each), Path.of("/h"), 22, CONNECT))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("rename it");
    }
  }

  private SshProgram make(Path place) throws IOException {
    return new SshProgram(place, folder.resolve("key"), folder.resolve("hosts"), 22, CONNECT);
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static List<String> asked(Path program, String... arguments) throws IOException {
    List<String> line = new ArrayList<>(List.of(program.toString()));
    line.addAll(List.of(arguments));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    try (var reader = process.inputReader()) {
      return reader.lines().toList();
    }
  }
}
