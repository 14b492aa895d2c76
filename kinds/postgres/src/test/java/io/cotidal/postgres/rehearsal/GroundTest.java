package io.cotidal.postgres.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.MemberId;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@DisplayName("no clones are made, and it is said why")
final class GroundTest {
  private static final long GIB = 1L << 30;

  private static Ground ground(long bytes, int tablespaces, int programs, long free, int copies) {
    return new Ground(
        new MemberId("c"),
        bytes,
        15,
        tablespaces,
        50 * GIB,
        Path.of("/usr/lib/postgresql/15/bin"),
        programs,
        false,
        Path.of("/srv/rehearsals"),
        free,
        copies,
        3);
  }

  @Test
  @DisplayName("nothing is in the way")
  void fit() {
    assertThat(ground(10 * GIB, 0, 15, 31 * GIB, 3).refusal()).isEmpty();
  }

  @Test
  @DisplayName("too little room, unless the file system shares what is equal")
  void room() {
    assertThat(ground(10 * GIB, 0, 15, 30 * GIB, 3).refusal().orElseThrow())
        .contains("/srv/rehearsals has 30.0 GiB left", "3 clones need", "; make room there");
    assertThat(ground(10 * GIB, 0, 15, 30 * GIB, 1).refusal()).isEmpty();
  }

  @Test
  @DisplayName("larger than the limit")
  void limit() {
    assertThat(ground(51 * GIB, 0, 15, 1_000 * GIB, 3).refusal().orElseThrow())
        .contains("c has 51.0 GiB, and rehearsal.limit is 50.0 GiB; raise it");
  }

  @Test
  @DisplayName("no programs here, or of another version")
  void programs() {
    assertThat(ground(GIB, 0, 0, 31 * GIB, 3).refusal().orElseThrow())
        .contains(
            "no programs of PostgreSQL in /usr/lib/postgresql/15/bin", "; install version 15");
    assertThat(ground(GIB, 0, 17, 31 * GIB, 3).refusal().orElseThrow())
        .contains("are of version 17, c of 15; install version 15 here");
  }

  @Test
  @DisplayName("tablespaces, and root")
  void tablespaces() {
    assertThat(ground(GIB, 2, 15, 31 * GIB, 3).refusal().orElseThrow())
        .contains("c has 2 tablespaces", "; rehearse without on-clones");
    Ground ground = ground(GIB, 0, 15, 31 * GIB, 3);
    assertThat(
            new Ground(
                    ground.source(),
                    ground.bytes(),
                    15,
                    0,
                    ground.limit(),
                    ground.bin(),
                    15,
                    true,
                    ground.folder(),
                    ground.free(),
                    3,
                    3)
                .refusal()
                .orElseThrow())
        .contains("PostgreSQL does not run as root; write user into rehearsal");
  }
}
