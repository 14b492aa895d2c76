package io.cotidal.copies.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.model.Details;
import io.cotidal.model.Mode;
import io.cotidal.model.Outcome;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Stamp;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Gate;
import io.cotidal.remote.LocalProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
@DisplayName("gates of places that are gone")
final class OldGatesTest {
  private static final Duration LONG = Duration.ofSeconds(10);

  @TempDir Path volume;

  private final LocalProcesses processes = new LocalProcesses();
  private Layout layout;
  private OldGates gates;

  @BeforeEach
  void open() {
    layout =
        new Layout(
            new CopiesSpec(
                new ResourceId("copies", "shop"),
                Mode.MANAGE,
                null,
                null,
                new CopiesSpec.Storage(volume, false, 0),
                null,
                null));
    gates = new OldGates(layout, processes);
  }

  private Path used(String id) throws Exception {
    Gate gate = new Gate(layout.gated(id), processes);
    gate.under(Stamp.NONE, Deadline.in(LONG), _ -> new Outcome.Done(Details.NONE));
    gate.under(Stamp.parse("1.2.3"), Deadline.in(LONG), _ -> new Outcome.Done(Details.NONE));
    return gate.folder();
  }

  private static Instant in(Duration later) {
    return Instant.now().plus(later);
  }

  @Test
  @DisplayName("they go after a day; younger ones, the host's, and those of places that are stay")
  void sweeps() throws Exception {
    Path gone = used("c7-abcde");
    Path host = used("host");
    Path there = used("c8-abcde");
    Files.createDirectories(layout.folder("c8-abcde"));

    assertThat(gates.sweep(in(Duration.ofHours(23)))).isZero();
    assertThat(gone).isDirectory();

    assertThat(gates.sweep(in(Duration.ofHours(25)))).isEqualTo(1);
    assertThat(gone).doesNotExist();
    assertThat(host).isDirectory();
    assertThat(there).isDirectory();
  }

  @Test
  @DisplayName("one that an act is inside stays")
  void held() throws Exception {
    Path folder = used("g7-abcde");
    Gate gate = new Gate(layout.gated("g7-abcde"), processes);
    gate.under(
        Stamp.parse("1.2.4"),
        Deadline.in(LONG),
        _ -> {
          assertThat(swept()).isZero();
          return new Outcome.Done(Details.NONE);
        });
    assertThat(folder).isDirectory();
  }

  private int swept() throws IOException, InterruptedException {
    return gates.sweep(in(Duration.ofDays(3)));
  }
}
