package io.cotidal.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the measurement of published datasets offers, and how it sums readers up. */
@Timeout(10)
final class FeedsBenchTest {
  @Test
  @DisplayName("each cell can be measured alone, by its name")
  void cells() {
    assertThat(FeedsBench.cells())
        .containsExactlyInAnyOrder(
            "publish", "delta", "readers", "pass", "batch", "rollback", "memory");
  }

  @Test
  @DisplayName("of a hundred queries, 99 took at most the 99th percentile")
  void percentile() {
    List<Long> hundred = LongStream.rangeClosed(1, 100).boxed().toList();
    assertThat(new FeedsReaders.Seen(hundred, List.of()).p99()).isEqualTo(99);
    assertThat(new FeedsReaders.Seen(List.of(7L), List.of()).p99()).isEqualTo(7);
    assertThat(new FeedsReaders.Seen(hundred.subList(0, 10), List.of()).p99()).isEqualTo(10);
  }

  @Test
  @DisplayName("names of layers are equally long, so that one dump serves for all")
  void names() {
    assertThat(FeedsHouse.layer(1)).hasSameSizeAs(FeedsHouse.layer(1_000)).isEqualTo("layer_0001");
  }
}
