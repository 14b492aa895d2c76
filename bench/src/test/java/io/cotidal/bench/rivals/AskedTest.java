package io.cotidal.bench.rivals;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class AskedTest {
  @Test
  @DisplayName("without words: everybody, every fault, both modes, five rounds, a seed by chance")
  void usual() {
    Asked asked = Asked.of(List.of(), 42).orElseThrow();
    assertThat(asked.entries()).containsExactly(Entry.values());
    assertThat(asked.faults()).containsExactly(Fault.values());
    assertThat(asked.waits()).containsExactly(false, true);
    assertThat(asked.rounds()).isEqualTo(5);
    assertThat(asked.seed()).isEqualTo(42);
    assertThat(asked.kept()).isTrue();
  }

  @Test
  @DisplayName("a part: a cell and a rival at a time")
  void part() {
    Asked asked =
        Asked.of(
                List.of(
                    "--with",
                    "cotidal,patroni-tuned",
                    "--fault",
                    "node-dead",
                    "--mode",
                    "quorum",
                    "--rounds",
                    "20",
                    "--seed",
                    "7"),
                42)
            .orElseThrow();
    assertThat(asked.entries()).containsExactly(Entry.COTIDAL, Entry.PATRONI_TUNED);
    assertThat(asked.faults()).containsExactly(Fault.NODE_DEAD);
    assertThat(asked.waits()).containsExactly(true);
    assertThat(asked.rounds()).isEqualTo(20);
    assertThat(asked.seed()).isEqualTo(7);
  }

  @Test
  @DisplayName("a quick round is not kept; what makes no sense is refused")
  void rest() {
    assertThat(Asked.of(List.of("--quick"), 1).orElseThrow().kept()).isFalse();
    assertThat(Asked.of(List.of("--report"), 1).orElseThrow().report()).isTrue();
    assertThat(Asked.of(List.of("--with", "stolon"), 1)).isEmpty();
    assertThat(Asked.of(List.of("--rounds"), 1)).isEmpty();
    assertThat(Asked.of(List.of("--rounds", "0"), 1)).isEmpty();
    assertThat(Asked.of(List.of("--mode", "maybe"), 1)).isEmpty();
    assertThat(Asked.of(List.of("nonsense"), 1)).isEmpty();
    assertThat(Asked.USAGE).contains("patroni-tuned").contains("cut-replicas");
  }
}
