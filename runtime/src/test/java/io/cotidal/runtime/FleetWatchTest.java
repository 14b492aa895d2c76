package io.cotidal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.cotidal.engine.Absence;
import io.cotidal.engine.Departed;
import io.cotidal.engine.State;
import io.cotidal.model.MemberId;
import io.cotidal.model.ResourceId;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(10)
final class FleetWatchTest {
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final ManualClock clock = new ManualClock();
  private final List<String> told = new ArrayList<>();
  private final FleetWatch watch = new FleetWatch(clock, told::add);

  @BeforeEach
  void listen() {
    lines.start();
    logger().addAppender(lines);
  }

  @AfterEach
  void leave() {
    logger().detachAppender(lines);
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(FleetWatch.class);
  }

  private void gone(String resource, int members) {
    SortedMap<MemberId, Absence> absent = new TreeMap<>();
    for (int i = 0; i < members; i++) {
      absent.put(new MemberId("m" + i), new Absence(0, clock.now().nanos(), true));
    }
    State<String> empty = State.empty(clock.now(), List.of());
    State<String> lacking =
        new State<>(
            empty.now(),
            empty.epoch(),
            empty.leading(),
            empty.ledger(),
            empty.members(),
            empty.operations(),
            empty.items(),
            empty.pause(),
            empty.source(),
            new Departed(absent, 20, 0, ""));
    watch.on(new ResourceId("test", resource), lacking);
  }

  @Test
  @DisplayName("A suspicion is a warning once; its end is good news and says what has ended")
  void levels() {
    gone("one", 4);
    gone("two", 4);
    gone("three", 4);
    assertThat(told).singleElement().asString().contains("12 members of 3 resources");
    for (String resource : List.of("one", "two", "three")) {
      watch.forget(new ResourceId("test", resource));
    }
    assertThat(told).last().isEqualTo("");
    assertThat(lines.list)
        .extracting(ILoggingEvent::getLevel)
        .startsWith(Level.WARN)
        .endsWith(Level.INFO)
        .filteredOn(Level.INFO::equals)
        .hasSize(1);
    assertThat(lines.list.getLast().getFormattedMessage())
        .startsWith("event=fleet-suspicion-over")
        .contains("members of 3 resources");
  }
}
