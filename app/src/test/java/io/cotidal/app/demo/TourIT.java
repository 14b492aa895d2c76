package io.cotidal.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.app.DaemonsHere;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class TourIT {
  @TempDir Path state;

  @Test
  @DisplayName(
      "postgres/S2, S3: switchover, crash, frozen and thawed primary: nothing lost, nobody writes beside the primary")
  void theWholeTour() throws Exception {
    var bytes = new ByteArrayOutputStream();
    var screen = new Screen(new PrintStream(bytes, true, StandardCharsets.UTF_8), false);
    Path base = Path.of(System.getProperty("java.io.tmpdir"));

    boolean ok =
        new Tour(screen, new Stop()).run(new Site(new DaemonsHere("test"), state, base, 0));

    String said = bytes.toString(StandardCharsets.UTF_8);
    assertThat(ok).as(said).isTrue();
    assertThat(said.lines().toList().getLast())
        .matches(
            "\\{\"members\":3,\"switchover_gap_ms\":\\d+,\"crash_gap_ms\":\\d+,\"freeze_gap_ms\":\\d+,"
                + "\"lost_rows\":0,\"dual_writes\":0,\"ok\":true}");
    assertThat(state.resolve("lab")).isDirectoryNotContaining("glob:**.owner");
  }
}
