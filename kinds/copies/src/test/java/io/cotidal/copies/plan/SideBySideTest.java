package io.cotidal.copies.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.engine.OperationType;
import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("what may go on at the same time on one template")
final class SideBySideTest {
  private static final Details LEFT = Details.of(Acts.NAME, "left");
  private static final Details RIGHT = Details.of(Acts.NAME, "right");
  private static final Details DUMP = Details.of(Acts.DUMP, "/dump.sql");
  private static final Details GENERATION = Details.of(Acts.GENERATION, "g1");

  private static boolean excludes(List<Lock> one, List<Lock> other) {
    return one.stream().anyMatch(lock -> other.stream().anyMatch(lock::conflicts));
  }

  private static List<Lock> locks(OperationType<?, ?> type, Details input) {
    return type.locks(input);
  }

  @Test
  @DisplayName("copies/B4, copies/D1: copies are made beside each other, imports and spares")
  void beside() {
    List<List<Lock>> all =
        List.of(
            locks(new Create(), LEFT),
            locks(new Reset(), RIGHT),
            locks(new Import(), DUMP),
            locks(new MakeSpare(), GENERATION));
    for (int one = 0; one < all.size(); one++) {
      for (int other = 0; other < all.size(); other++) {
        assertThat(excludes(all.get(one), all.get(other)))
            .as("%s %s", all.get(one), all.get(other))
            .isEqualTo(one == other);
      }
    }
  }

  @Test
  @DisplayName("copies/B9: whoever works on a copy, works on it alone")
  void alone() {
    assertThat(excludes(locks(new Create(), LEFT), locks(new Reset(), LEFT))).isTrue();
    assertThat(excludes(locks(new Reset(), LEFT), locks(new Remove(Remove.DELETE), LEFT))).isTrue();
  }

  @Test
  @DisplayName("whoever wants the whole resource waits for all of them")
  void whole() {
    List<Lock> whole = List.of(Lock.resource());
    assertThat(excludes(locks(new Create(), LEFT), whole)).isTrue();
    assertThat(excludes(locks(new Import(), DUMP), whole)).isTrue();
  }
}
