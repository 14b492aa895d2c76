package io.cotidal.feeds.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.Item;
import io.cotidal.model.OperationState;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a roles file grants upon a table, and could not be granted when that was published. */
@Timeout(120)
class GrantsTest {
  private static final String PARCELS = "sites.parcels";

  private static Desk desk() {
    Desk desk = new Desk(Paper.spec(Paper.Manner.PLAIN), null);
    desk.replica.commit(Paper.workspace("w"), Paper.roles("o"), Paper.layer("parcels", "d1", "f1"));
    return desk;
  }

  private static Item row(Desk desk) {
    return Objects.requireNonNull(desk.row(Paper.layer("parcels")));
  }

  @Test
  @DisplayName("the table is served, the job is not done, and the grant is tried until it is made")
  void triedAgain() {
    Desk desk = desk();
    desk.replica.ungranted.add(PARCELS);
    desk.start().run(20);
    assertThat(desk.code()).isEqualTo("jobs-failing");
    assertThat(desk.kind.diagnose(desk.spec, desk.engine.state()).sentence())
        .contains("layer/" + PARCELS, "role reader is not here");
    assertThat(desk.replica.applied).isNotEqualTo(Optional.of(desk.replica.head()));
    assertThat(desk.store.operations())
        .anyMatch(
            each -> each.type().equals(Publish.NAME) && each.state() == OperationState.FAILED);
    desk.replica.ungranted.clear();
    desk.settle().whole();
    assertThat(row(desk).facts().has(Acts.UNGRANTED)).isFalse();
    assertThat(List.copyOf(desk.replica.log))
        .as("it is neither loaded nor exchanged again")
        .containsExactly("load sites.parcels d1", "swap sites.parcels d1");
  }

  @Test
  @DisplayName("a daemon that died knows of it; new data do not hide it")
  void notForgotten() {
    Desk desk = desk();
    desk.replica.ungranted.add(PARCELS);
    desk.start().run(5);
    desk.start().run(20);
    assertThat(desk.code()).isEqualTo("jobs-failing");
    desk.replica.commit(Paper.layer("parcels", "d2", "f1"));
    desk.run(200);
    assertThat(desk.code()).isEqualTo("jobs-failing");
    desk.replica.ungranted.clear();
    desk.settle().whole();
  }

  @Test
  @DisplayName("a roles file that is gone grants nothing that could be missing")
  void noMoreRoles() {
    Desk desk = desk();
    desk.replica.ungranted.add(PARCELS);
    desk.start().run(20);
    desk.replica.remove(Paper.roles("o").subject());
    desk.settle();
    assertThat(desk.code()).isEqualTo("healthy");
  }
}
