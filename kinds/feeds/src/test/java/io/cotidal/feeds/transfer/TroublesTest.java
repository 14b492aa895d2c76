package io.cotidal.feeds.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.transfer.TransferException.Kind;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
@DisplayName("what rsync and ssh say")
final class TroublesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          255 | Host key verification failed.                                      | UNKNOWN_HOST
          255 | ssh: connect to host h port 22: Connection refused                 | UNREACHABLE
          255 | ssh: Could not resolve hostname h: Name or service not known       | UNREACHABLE
          255 | u@h: Permission denied (publickey).                                | UNREACHABLE
          127 | bash: rsync: command not found                                     | UNREACHABLE
          12  | rsync: connection unexpectedly closed (100 bytes received so far)  | UNREACHABLE
          30  | rsync error: timeout in data send/receive (code 30) at io.c        | UNREACHABLE
          11  | rsync: [receiver] write failed: No space left on device (28)       | FULL
          11  | rsync: [receiver] write failed: Disk quota exceeded (122)          | FULL
          23  | rsync: [receiver] mkstemp "x" failed: No space left on device (28) | FULL
          11  | rsync: [receiver] mkdir failed: Permission denied (13)             | LOCAL
          75  | ''                                                                 | LATE
          """)
  void whole(int exit, String output, Kind kind) {
    assertThat(Troubles.of("u@h", exit, output))
        .hasValueSatisfying(problem -> {
          assertThat(problem.kind()).isEqualTo(kind);
          assertThat(problem.getMessage()).startsWith("u@h: ").contains("; ");
        });
  }

  @Test
  @DisplayName("a disk that is so full that rsync cannot say so is full")
  void silent() {
    assertThat(Troubles.of("u@h", 11, ""))
        .hasValueSatisfying(problem -> assertThat(problem.kind()).isEqualTo(Kind.FULL));
  }

  @Test
  @DisplayName("a full disk of the master is not ours, and single files are no trouble of the run")
  void others() {
    assertThat(Troubles.of("u@h", 23, "rsync: [sender] x: No space left on device (28)")).isEmpty();
    assertThat(Troubles.of("u@h", 0, "No space left on device")).isEmpty();
  }

  @Test
  @DisplayName("bytes are counted from what rsync prints at its end")
  void traffic() {
    assertThat(
            Traffic.read(
                """
                Literal data: 12 bytes
                Matched data: 345 bytes
                Total bytes sent: 9
                Total bytes received: 77
                """))
        .isEqualTo(new Traffic(12, 345, 77));
    assertThat(Traffic.read("nothing")).isEqualTo(new Traffic(0, 0, 0));
  }
}
