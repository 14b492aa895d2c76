package io.cotidal.copies.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.cotidal.copies.storage.Volume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class GuardsTest {
  private static final long TERA = 1L << 40;

  @Property
  @Label("copies/A3: what is allowed leaves the reserve and what others were promised")
  void diskKeepsItsReserve(
      @ForAll @LongRange(max = TERA) long free,
      @ForAll @LongRange(max = TERA) long reserve,
      @ForAll @LongRange(max = TERA) long promised,
      @ForAll @LongRange(max = TERA) long need) {
    Verdict verdict = new DiskGuard(reserve).judge(new Volume.Space(free, TERA), promised, need);
    assertThat(verdict instanceof Verdict.Allowed).isEqualTo(free - need >= reserve + promised);
  }

  @Test
  @DisplayName("copies/A3: a refusal names what is short, by how much, and what helps")
  void refusalSaysWhy() {
    Verdict verdict =
        new DiskGuard(1L << 30).judge(new Volume.Space(1L << 30, 5L << 30), 0, 20L << 20);
    assertThat(verdict)
        .asInstanceOf(type(Verdict.Refused.class))
        .extracting(Verdict.Refused::reason, STRING)
        .contains("20 MiB are needed", "1024 MiB free", "remove copies");
  }

  @Test
  @DisplayName("a copy byte by byte needs room for every byte, one that shares does not")
  void needs() {
    assertThat(DiskGuard.needOfCopy(Volume.Method.PLAIN, 5L << 30)).isGreaterThan(5L << 30);
    assertThat(DiskGuard.needOfCopy(Volume.Method.SNAPSHOT, 5L << 30))
        .isEqualTo(DiskGuard.needOfCopy(Volume.Method.REFLINK, 1))
        .isEqualTo(20L << 20);
  }

  @Test
  @DisplayName("copies/B4: a server is refused before the machine swaps")
  void memory() {
    MemoryGuard guard = new MemoryGuard(512L << 20);
    assertThat(guard.judge(1L << 30, 412L << 20, 100L << 20)).isEqualTo(new Verdict.Allowed());
    assertThat(guard.judge(1L << 30, 413L << 20, 100L << 20))
        .asInstanceOf(type(Verdict.Refused.class))
        .extracting(Verdict.Refused::reason, STRING)
        .contains("needs about 100 MiB", "1024 MiB available", "413 MiB promised");
  }

  @Test
  @DisplayName("available memory is what the kernel says, and unknown if it says nothing")
  void meminfo() {
    assertThat(MemoryGuard.available("MemTotal:  99 kB\nMemAvailable:   2048 kB\nX: 1\n"))
        .contains(2L << 20);
    assertThat(MemoryGuard.available("MemTotal:  99 kB\nMemAvailable: many\n")).isEmpty();
  }
}
