package io.cotidal.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class AcknowledgementsPropertyTest {
  @Property(tries = 200)
  void aFinerWindowNeverHasALongerGap(
      @ForAll @Size(max = 30) List<@LongRange(min = 0, max = 1000) Long> times,
      @ForAll @LongRange(min = 0, max = 500) long from,
      @ForAll @LongRange(min = 500, max = 1000) long to) {
    List<Acknowledgement> all = new ArrayList<>();
    times.forEach(nanos -> all.add(new Acknowledgement(all.size(), "a", nanos)));
    var some = new Acknowledgements(all);
    assertThat(some.gap(from, to)).isLessThanOrEqualTo(some.gap(0, 1000));
    assertThat(some.lost(new HashSet<>())).isEqualTo(all.size());
  }
}
