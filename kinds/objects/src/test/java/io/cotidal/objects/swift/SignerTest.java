package io.cotidal.objects.swift;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.Secret;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.spec.Realm;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("a signature of the realm")
class SignerTest {
  private static final String PATH = "/v1/AUTH_test/c%20%C3%A4/a//b~%2525";

  @Test
  @DisplayName("is what Swift computes itself")
  void signs() {
    Iterator<String> nonces = List.of("nonce-1", "nonce-2").iterator();
    Signer signer =
        new Signer(new Realm("lab", new Secret("realm-schlüssel"), Optional.empty()), nonces::next);
    Secret key = new Secret("container-key");
    Timestamp written = Timestamp.parse("1716000000.12345");
    // Computed by swift.common.container_sync_realms.
    assertThat(signer.headers("PUT", PATH, Optional.of(written), key).list())
        .extracting(line -> line.name() + "=" + line.value())
        .containsExactly(
            "X-Container-Sync-Auth=lab nonce-1 b4519911af78ebc86b44968aa5d8dc441780dba9",
            "X-Timestamp=1716000000.12345");
    assertThat(signer.headers("GET", PATH, Optional.empty(), key).list())
        .extracting(line -> line.name() + "=" + line.value())
        .containsExactly(
            "X-Container-Sync-Auth=lab nonce-2 67969720f8f037d1c0d3c19840039c842209a6cc");
  }
}
