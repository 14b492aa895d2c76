package io.cotidal.postgres.plan;

import static io.cotidal.postgres.plan.Scene.A;
import static io.cotidal.postgres.plan.Scene.B;
import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.MemberId;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.spec.PostgresSpec;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class BasisPropertyTest {
  private static final PostgresKind KIND = new PostgresKind();

  private final PostgresSpec spec = new Scene().spec;

  private Object essence(PgFacts facts) {
    return KIND.essence(spec, facts).toString();
  }

  @Property(tries = 300)
  @Label("A change of lag alone keeps the basis")
  void lag(
      @ForAll @LongRange(min = 0) long position,
      @ForAll @LongRange(min = 0, max = 1_499) long silent,
      @ForAll @LongRange(min = 0) long other,
      @ForAll @LongRange(min = 0, max = 1_499) long otherSilent) {
    assertThat(essence(Scene.replica(3, position, A, silent)))
        .isEqualTo(essence(Scene.replica(3, other, A, otherSilent)));
    assertThat(essence(Scene.primary(3, position, "", "b", "c")))
        .isEqualTo(essence(Scene.primary(3, other, "", "c", "b")));
    Scene scene = new Scene().looks(1);
    Object before = KIND.diagnose(spec, scene.state());
    scene.says(B, Scene.replica(3, position, A, silent)).looks(1);
    assertThat(KIND.diagnose(spec, scene.state())).isEqualTo(before);
    assertThat(KIND.plan(spec, scene.state())).isEmpty();
  }

  @Example
  @Label("A change of role, timeline, link or quorum changes it")
  void whatMatters() {
    PgFacts replica = Scene.replica(3, 1000, A, 10);
    MemberId c = new MemberId("c");
    List<PgFacts> others =
        List.of(
            Scene.replica(4, 1000, A, 10),
            Scene.replica(3, 1000, c, 10),
            Scene.replica(3, 1000, A, 1_500),
            Scene.standby(3, 1000),
            Scene.primary(3, 1000, ""),
            Scene.primary(3, 1000, "ANY 1 (\"b\")"),
            Scene.primary(3, 1000, "", "b"),
            Scene.primary(3, 1000, "", "b", "c"));
    assertThat(others.stream().map(this::essence))
        .doesNotHaveDuplicates()
        .doesNotContain(essence(replica));
  }
}
