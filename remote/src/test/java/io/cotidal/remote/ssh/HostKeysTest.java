package io.cotidal.remote.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HostKeysTest {
  private static final String ONE =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJZ2d5m0x5hHn0v4c8s0rH1v4iN3qkz1Qm0m1o2p3q4r";
  private static final String OTHER =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

  @Test
  @DisplayName("a key counts for the host and the port that its line names")
  void names() {
    assertThat(HostKeys.of(List.of("# old", "db1 " + ONE), "db1", 22).keys()).containsExactly(ONE);
    assertThat(HostKeys.of(List.of("[db1]:2222,db2 " + ONE), "DB1", 2222).holds(ONE)).isTrue();
    assertThat(HostKeys.of(List.of(ONE), "anybody", 7).holds(OTHER)).isFalse();
    assertThatThrownBy(() -> HostKeys.of(List.of("db1 " + ONE), "db1", 2222))
        .hasMessageContaining("[db1]:2222");
    assertThatThrownBy(() -> HostKeys.of(List.of("* " + ONE), "db1", 22))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("a revoked key is no key, and neither is an authority's")
  void marks() {
    assertThatThrownBy(() -> HostKeys.of(List.of("db1 " + ONE, "@revoked db1 " + ONE), "db1", 22))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> HostKeys.of(List.of("@cert-authority db1 " + ONE), "db1", 22))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(HostKeys.of(List.of("@revoked db1 " + OTHER, "db1 " + ONE), "db1", 22).types())
        .containsExactly("ssh-ed25519");
  }

  @Test
  @DisplayName("a text whose inside is of another type is no key")
  void form() {
    assertThat(HostKeys.wellFormed("ssh-rsa", ONE.substring(12))).isFalse();
    assertThat(HostKeys.wellFormed("ssh-ed25519", "AAAA")).isFalse();
    assertThat(HostKeys.wellFormed("ssh-ed25519", "no base64!")).isFalse();
  }

  @Property
  void noLineBreaksIt(@ForAll String line) {
    try {
      assertThat(HostKeys.of(List.of(line), "db1", 22).keys()).isNotEmpty();
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("db1");
    }
  }

  @Property
  void textsAreOneWordOfHarmlessLetters(@ForAll String text) {
    if (text.indexOf('\0') < 0) {
      assertThat(Words.text(text)).matches("=([A-Za-z0-9._/:=,@+%-]|\\\\0[0-3][0-7]{2})*");
      assertThat(text.getBytes(StandardCharsets.UTF_8).length)
          .isLessThanOrEqualTo(Words.text(text).length());
    }
  }
}
