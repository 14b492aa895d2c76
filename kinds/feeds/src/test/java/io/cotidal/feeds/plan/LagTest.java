package io.cotidal.feeds.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Details;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How far a replica is behind, as it is shown. */
@Timeout(120)
class LagTest {
  private static Details repository(Desk desk) {
    return desk.kind.members(desk.spec, desk.engine.state()).stream()
        .filter(member -> member.id().equals(FeedsSpec.REPOSITORY))
        .findFirst()
        .orElseThrow()
        .facts();
  }

  @Test
  @DisplayName("lag is told in revisions, and by the time of the newest that is not applied")
  void told() {
    Desk desk = new Desk(Paper.spec(Paper.Manner.PLAIN), null);
    desk.replica.commit(Paper.workspace("w"), Paper.layer("parcels", "d1", "f1"));
    desk.replica.bad.add("d1");
    desk.start().run(5);
    assertThat(repository(desk).need("behind")).isEqualTo("1");
    assertThat(repository(desk).need("waiting")).isEqualTo("2026-11-22T12:00:00Z");
    desk.replica.bad.clear();
    desk.settle().whole();
    assertThat(repository(desk).need("behind")).isEqualTo("0");
    assertThat(repository(desk).need("waiting")).isEmpty();
    assertThat(new FeedsDiagnosis.Behind(3, 2, "2026-11-22T12:00:00Z").sentence())
        .isEqualTo(
            "3 jobs are to be done; 2 revisions are not applied, the newest of"
                + " 2026-11-22T12:00:00Z");
  }
}
