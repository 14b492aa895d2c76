package io.cotidal.feeds.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("the turns of what is read at a GeoServer")
@Timeout(10)
class RoundsTest {
  private final List<Subject> all =
      IntStream.range(0, 50).mapToObj(i -> new Subject(Sort.LAYER, "sites", "l" + i)).toList();
  private final Rounds rounds = new Rounds();

  @Test
  @DisplayName("bring each of fifty up within three looks")
  void everybody() {
    Set<Subject> read = new HashSet<>();
    for (int look = 0; look < 3; look++) {
      for (Subject each : rounds.next(all)) {
        rounds.had(each, false);
        read.add(each);
      }
    }
    assertThat(read).hasSize(50);
  }

  @Test
  @DisplayName("bring up at each look what was changed, until it is not")
  void odd() {
    Subject one = all.get(49);
    rounds.had(one, true);
    for (int look = 0; look < 5; look++) {
      List<Subject> next = rounds.next(all);
      assertThat(next).hasSize(Rounds.EACH + 1).first().isEqualTo(one);
      next.forEach(each -> rounds.had(each, each.equals(one)));
    }
    rounds.had(one, false);
    assertThat(rounds.next(all)).hasSize(Rounds.EACH).doesNotContain(one);
    assertThat(rounds.next(List.of())).isEmpty();
  }
}
