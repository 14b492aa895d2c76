package io.cotidal.app.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.directory.spec.Access;
import io.cotidal.directory.spec.DirectorySpec;
import io.cotidal.directory.spec.Guards;
import io.cotidal.directory.spec.Replication;
import io.cotidal.directory.spec.Security;
import io.cotidal.directory.spec.Topology;
import io.cotidal.model.Details;
import io.cotidal.model.Mode;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.server.Doctor.Check;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("what the doctor says of a directory's servers")
final class ServerChecksTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Details WELL =
      Details.of("version", "389-Directory/2.3.1")
          .with("suffix", "dc=example")
          .with("tls", "TLSv1.3")
          .with("certificate-until", "2027-11-21T12:00:00Z");

  private static Check check(Details found) {
    Secret secret = new Secret("hush");
    DirectorySpec spec =
        new DirectorySpec(
            new ResourceId("directory", "people"),
            Mode.OBSERVE,
            List.of(),
            "389ds",
            "dc=example",
            new Topology("fullmesh", Details.NONE),
            new Access(Security.STARTTLS, "", "cn=x", secret),
            new Replication(
                Security.STARTTLS, 0, "cn=y,cn=config", secret, Duration.ZERO, Duration.ZERO),
            Guards.DEFAULT,
            Duration.ofSeconds(5),
            Duration.ofSeconds(5));
    return ServerChecks.check("directory/people/a", found, spec, NOW);
  }

  @Test
  @DisplayName("directory/D14: a certificate that ends within two weeks is told before it does")
  void certificate() {
    assertThat(check(WELL).ok()).isTrue();
    Check soon = check(WELL.with("certificate-until", "2026-12-01T00:00:00Z"));
    assertThat(soon.ok()).isFalse();
    assertThat(soon.sentence()).contains("2026-12-01");
    assertThat(soon.remedy()).isEqualTo("renew it");
  }

  @Test
  @DisplayName("directory/D24: a clock that is off by more than the configuration allows is told")
  void clock() {
    assertThat(check(WELL.with("clock-ahead-millis", -29_000)).ok()).isTrue();
    assertThat(check(WELL.with("clock-ahead-millis", -31_000)).sentence())
        .isEqualTo("its clock is off by -31 s");
  }

  @Test
  @DisplayName("a server that cannot be looked at, or holds nothing, is not well")
  void others() {
    assertThat(check(Details.of("server", "no route to the host")).sentence())
        .isEqualTo("no route to the host");
    assertThat(check(WELL.with("suffix", "missing")).sentence())
        .isEqualTo("does not hold dc=example");
    assertThat(check(WELL.with("trouble", "the account was refused")).ok()).isFalse();
  }
}
