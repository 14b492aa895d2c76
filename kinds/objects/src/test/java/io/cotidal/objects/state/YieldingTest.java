package io.cotidal.objects.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.model.MemberId;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.state.Yielding.Decided;
import io.cotidal.objects.state.Yielding.Stamp;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@DisplayName("a container that gateways carry, too")
final class YieldingTest {
  private static final MemberId A = new MemberId("a");
  private static final MemberId B = new MemberId("b");
  private static final String META = "x-container-meta-a";
  private static final long SECOND = 100_000;

  private final World world = new World(2);

  @BeforeEach
  void bothChanged() {
    world.create(A, "1");
    world.settle("everywhere");
    world.edit(A, META, "from a");
    world.edit(B, META, "from b");
  }

  private Stamp ago(long seconds) {
    return new Stamp.At(new Timestamp(world.now - seconds * SECOND));
  }

  private Decided decide(Map<MemberId, Stamp> stamps) {
    Situation situation = world.situation();
    world.now = situation.terms().now().steps();
    return Yielding.decide(situation, stamps);
  }

  private static MemberId winner(Decided decided) {
    assertThat(decided.waits()).isEmpty();
    return decided.decision().overruled().getFirst().winner();
  }

  @Test
  @DisplayName("objects/S9: the later stamp wins; without one, the first site in the file")
  void later() {
    assertThat(winner(decide(Map.of()))).isEqualTo(A);
    assertThat(winner(decide(Map.of(A, ago(200), B, ago(100))))).isEqualTo(B);
    assertThat(winner(decide(Map.of(A, ago(100), B, ago(200))))).isEqualTo(A);
    assertThat(winner(decide(Map.of(A, new Stamp.None(), B, ago(900))))).isEqualTo(B);
  }

  @Test
  @DisplayName("while a stamp is young it is left to the gateway; after a minute it is not")
  void young() {
    for (long seconds : new long[] {59, 1, 0, -59}) {
      Decided decided = decide(Map.of(A, ago(900), B, ago(seconds)));
      assertThat(decided.waits()).as("%d s", seconds).contains("site b: a gateway is at it");
      assertThat(decided.decision().acts()).allMatch(Act.Hold.class::isInstance);
      assertThat(decided.decision().overruled()).isEmpty();
      assertThat(decided.decision().agreed()).isEqualTo(world.agreed);
    }
    assertThat(winner(decide(Map.of(A, ago(900), B, ago(60))))).isEqualTo(B);
  }

  @Test
  @DisplayName("a stamp that cannot be read, or that is far ahead, decides nothing")
  void unknown() {
    Decided unread = decide(Map.of(A, new Stamp.Unknown("site a: 403"), B, ago(900)));
    assertThat(unread.waits().orElseThrow()).contains("site a", "403");
    assertThat(unread.decision().agreed()).isEqualTo(world.agreed);
    Decided ahead = decide(Map.of(B, ago(-61)));
    assertThat(ahead.waits().orElseThrow()).contains("site b", "61 s ahead", "set both right");
  }

  @Test
  @DisplayName("gateways are asked only where something is to be done")
  void asked() {
    assertThat(Yielding.matters(Convergence.decide(world.situation()))).isTrue();
    world.settle("again");
    assertThat(Yielding.matters(Convergence.decide(world.situation()))).isFalse();
    world.cut.add(B);
    assertThat(Yielding.matters(Convergence.decide(world.situation()))).isFalse();
  }
}
