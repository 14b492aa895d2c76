package io.cotidal.feeds.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
@DisplayName("a call of SSH as the original writes it")
class SshLineTest {
  @Test
  void original() {
    SshLine line =
        SshLine.read(
            "ssh -i /etc/id_rsa_borg -o StrictHostKeyChecking=no -o KeepAlive=yes -o"
                + " ServerAliveInterval=30 -o ConnectTimeout=3600 -o ConnectionAttempts=5");
    assertThat(line.identity()).isEqualTo(SshLine.DEFAULT.identity());
    assertThat(line.connect()).isEqualTo(Duration.ofHours(1));
    assertThat(line.notes())
        .hasSize(4)
        .anyMatch(note -> note.startsWith("-o StrictHostKeyChecking=no is ignored"));
    assertThat(SshLine.DEFAULT.notes()).isEmpty();
  }

  @Test
  @DisplayName("quotes, joined and keyed forms are read")
  void forms() {
    SshLine line =
        SshLine.read(
            "/usr/bin/ssh -i'/etc/my key' -p2222 -oConnectTimeout=5 -o 'Port 23' -o"
                + " UserKnownHostsFile=/etc/known -o StrictHostKeyChecking=yes");
    assertThat(line.identity()).isEqualTo(Path.of("/etc/my key"));
    assertThat(line.port()).isEqualTo(23);
    assertThat(line.connect()).isEqualTo(Duration.ofSeconds(5));
    assertThat(line.knownHosts()).contains(Path.of("/etc/known"));
    assertThat(line.notes()).isEmpty();
    assertThat(SshLine.read("ssh -o IdentityFile=/k").identity()).isEqualTo(Path.of("/k"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          ~~ | '' is not ssh
          sh -c id | 'sh' is not ssh
          ssh -oProxyCommand=id | '-o ProxyCommand=id' is not taken
          ssh -o 'ProxyCommand id' | '-o ProxyCommand id' is not taken
          ssh -o LocalCommand=id | '-o LocalCommand=id' is not taken
          ssh -F /etc/config | '-F' is not taken
          ssh -A | '-A' is not taken
          ssh user@host | 'user@host' is not taken
          ssh -J x | '-J' is not taken
          ssh -i | '-i' has no value
          ssh -i key | '-i' names no file
          ssh -p 0 | '-p' is out of range
          ssh -p 99999 | '-p' is out of range
          ssh -o Port=x | 'Port=x' is out of range
          ssh -o | '-o' has no value
          ssh -i '/a | has a quote that is not closed
          ssh \\ | ends with a backslash
          """)
  void refused(String text, String message) {
    assertThatThrownBy(() -> SshLine.read(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Property(tries = 500)
  void anyTextIsReadOrRefused(@ForAll String text) {
    try {
      assertThat(SshLine.read("ssh " + text).port()).isPositive();
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
    }
  }
}
