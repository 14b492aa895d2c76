package io.cotidal.feeds.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Schemas that somebody drops by hand. */
@Timeout(120)
class SchemasTest {
  private static Desk desk(Paper.Manner manner) {
    Desk desk = new Desk(Paper.spec(manner), null);
    desk.replica.commit(Paper.workspace("w"), Paper.layer("parcels", "d1", "f1"));
    return desk.start().settle().whole();
  }

  @Test
  @DisplayName("feeds/S19: a workspace's schema is made again, and its views read what is kept")
  void views() {
    Desk desk = desk(Paper.Manner.PLAIN);
    desk.replica.dropSchemas(false);
    desk.look();
    desk.settle().whole();
    assertThat(desk.replica.log)
        .containsExactly("load sites.parcels d1", "swap sites.parcels d1", "swap sites.parcels d1");
  }

  @Test
  @DisplayName("feeds/S19: tables that went with their schema are loaded again")
  void tables() {
    Desk desk = desk(Paper.Manner.PLAIN);
    desk.replica.dropSchemas(true);
    desk.look();
    desk.settle().whole();
    assertThat(desk.replica.log).hasSize(4);
  }

  @Test
  @DisplayName("feeds/S19: a workspace without tables is seen as well")
  void empty() {
    Desk desk = new Desk(Paper.spec(Paper.Manner.PLAIN), null);
    desk.replica.commit(Paper.workspace("w"));
    desk.start().settle().whole();
    desk.replica.dropSchemas(true);
    desk.look();
    desk.settle().whole();
  }

  @Test
  @DisplayName("feeds/S19: without repair it is told, and nothing is done")
  void told() {
    Desk desk = desk(Paper.Manner.TELLING);
    desk.replica.dropSchemas(false);
    desk.look();
    desk.run(30);
    assertThat(desk.code()).isEqualTo("drifted");
    assertThat(desk.kind.diagnose(desk.spec, desk.engine.state()).evidence().need("jobs"))
        .contains(new Subject(Sort.WORKSPACE, "sites", "").key());
    assertThat(desk.replica.schemas).isEmpty();
  }
}
