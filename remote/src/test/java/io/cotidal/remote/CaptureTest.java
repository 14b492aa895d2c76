package io.cotidal.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A program whose two streams are kept apart")
@Timeout(30)
class CaptureTest {
  private final LocalProcesses processes = new LocalProcesses();

  @TempDir Path folder;

  @Test
  @DisplayName("has its bytes, its complaints and its exit status told")
  void apart() throws Exception {
    Path input = Files.write(folder.resolve("in"), new byte[] {0, (byte) 0xff, '\n'});
    Program program = shell("cat; echo sorry >&2; exit 7").reading(input);
    assertThat(processes.capture(program, streams(100), in(10))).isEqualTo(7);
    assertThat(folder.resolve("out")).hasBinaryContent(new byte[] {0, (byte) 0xff, '\n'});
    assertThat(folder.resolve("err")).hasContent("sorry");
  }

  @Test
  @DisplayName("is stopped when it prints too much, also if it has ended already")
  void tooMuch() {
    assertThatThrownBy(() -> processes.capture(shell("yes"), streams(100), in(10)))
        .isInstanceOf(IOException.class)
        .hasMessage("sh printed more than 100 bytes and was stopped");
    assertThatThrownBy(() -> processes.capture(shell("echo 12345"), streams(5), in(10)))
        .hasMessageContaining("printed more than 5 bytes");
  }

  @Test
  @DisplayName("is killed with its children when it does not end in time")
  void late() throws Exception {
    Path pid = folder.resolve("pid");
    Program program = shell("sleep 60 & echo $! > '" + pid + "'; wait");
    assertThatThrownBy(() -> processes.capture(program, streams(100), in(1)))
        .hasMessage("sh did not end in time and was killed");
    long child = Long.parseLong(Files.readString(pid).strip());
    assertThat(
            processes.table().entries().stream().filter(each -> each.id().pid() == child).toList())
        .isEmpty();
  }

  private static Program shell(String script) {
    return Program.of("", List.of("/bin/sh", "-c", script));
  }

  private LocalProcesses.Streams streams(long most) {
    return new LocalProcesses.Streams(folder.resolve("out"), folder.resolve("err"), most);
  }

  private static Deadline in(int seconds) {
    return Deadline.in(Duration.ofSeconds(seconds));
  }
}
