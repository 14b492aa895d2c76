package io.cotidal.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class DurationsTest {
  @Property
  void whatIsShownReadsBack(@ForAll @LongRange(max = 100_000_000_000L) long millis) {
    Duration duration = Duration.ofMillis(millis);
    assertThat(Durations.read(Durations.show(duration))).contains(duration);
  }

  @Property
  void anyTextIsADurationOrNone(@ForAll String text) {
    assertThat(Durations.read(text)).isNotNull();
  }

  @Example
  void forms() {
    assertThat(Durations.read("200ms")).contains(Duration.ofMillis(200));
    assertThat(Durations.read("1.5s")).contains(Duration.ofMillis(1500));
    assertThat(Durations.read("2m")).contains(Duration.ofMinutes(2));
    assertThat(Durations.read("0.5h")).contains(Duration.ofMinutes(30));
    assertThat(Durations.read("999999999.999999h")).isPresent();
    for (String text :
        new String[] {"", "5", "s", "-1s", "1 s", "1S", "1.s", ".5s", "1d", "1e3s", "٣s"}) {
      assertThat(Durations.read(text)).as(text).isEmpty();
    }
    assertThat(Durations.show(Duration.ofMillis(1500))).isEqualTo("1.5s");
    assertThat(Durations.show(Duration.ofSeconds(10))).isEqualTo("10s");
    assertThat(Durations.show(Duration.ZERO)).isEqualTo("0ms");
  }
}
