package io.cotidal.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ScreenTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private Screen screen(boolean terminal) {
    return new Screen(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal);
  }

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
  }

  @Test
  void withoutATerminalPlainLinesOnly() {
    Screen screen = screen(false);
    screen.status("1 written");
    screen.say("an event");
    screen.status("2 written");
    screen.endStatus();
    assertThat(printed()).isEqualTo("1 written\nan event\n2 written\n");
  }

  @Test
  void onATerminalEventsAppearAboveTheLineThatIsKeptUpToDate() {
    Screen screen = screen(true);
    screen.status("1 written");
    screen.say("an event");
    screen.endStatus();
    assertThat(printed()).isEqualTo("\r\u001b[K1 written\r\u001b[Kan event\n1 written\n");
  }
}
