package io.cotidal.postgres.reach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cotidal.lab.LoopVolume;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.model.Details;
import io.cotidal.model.Outcome;
import io.cotidal.model.Stamp;
import io.cotidal.remote.Gate;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.ssh.Dialogue;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gate on a real disk without a byte left. */
@Timeout(60)
class FullGateIT {
  private static final Outcome DONE = new Outcome.Done(Details.NONE);

  @TempDir Path state;
  private ServerRegistry registry;
  private GateRig rig;

  @BeforeEach
  void begin() throws Exception {
    String impossible = LoopVolume.impossible();
    assumeTrue(impossible.isEmpty() || System.getenv("CI") != null, "SKIPPED: " + impossible);
    registry = ServerRegistry.open(state);
    rig = new GateRig(LoopVolume.make(registry, LoopVolume.Type.EXT4, 16L << 20).folder());
  }

  @AfterEach
  void end() throws Exception {
    if (registry != null) {
      rig.close();
      registry.close();
    }
  }

  private Path fill(String name) throws IOException {
    Path file = rig.base.resolve(name);
    for (int block : new int[] {1 << 20, 4096, 512}) {
      try (RandomAccessFile filler = new RandomAccessFile(file.toFile(), "rw")) {
        filler.seek(filler.length());
        while (true) {
          filler.write(new byte[block]);
        }
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("No space left");
      }
    }
    return file;
  }

  @Test
  @DisplayName("postgres/S14: on a full disk a newer stamp is remembered all the same, here")
  void here() throws Exception {
    Gate gate = new Gate(rig.places.data(), new LocalProcesses());
    assertThat(gate.under(new Stamp(1, 1), GateRig.soon(), passage -> DONE)).isEqualTo(DONE);
    fill("filler");
    assertThat(gate.under(new Stamp(1, 2), GateRig.soon(), passage -> DONE)).isEqualTo(DONE);
    assertThat(gate.remembered()).isEqualTo(new Stamp(1, 2));
    assertThat(gate.under(new Stamp(1, 1), GateRig.soon(), passage -> DONE))
        .isEqualTo(new Outcome.Refused(new Stamp(1, 2)));
    Path more = fill("more");
    Files.deleteIfExists(rig.places.gate().resolve("reserve"));
    fill("most");
    assertThatThrownBy(() -> gate.under(new Stamp(1, 3), GateRig.soon(), passage -> DONE))
        .isInstanceOf(IOException.class);
    assertThat(gate.remembered()).isEqualTo(new Stamp(1, 2));
    Files.delete(more);
    Files.delete(rig.base.resolve("filler"));
    assertThat(gate.under(new Stamp(1, 3), GateRig.soon(), passage -> DONE)).isEqualTo(DONE);
  }

  private String entered(Stamp stamp) throws Exception {
    try (Dialogue dialogue = new Dialogue(rig.enter(stamp, 5_000), "rig")) {
      return String.join(" ", dialogue.greeting(GateRig.soon()));
    }
  }

  @Test
  @DisplayName("postgres/S14: on a full disk a newer stamp is remembered all the same, over SSH")
  void there() throws Exception {
    assertThat(entered(new Stamp(1, 1))).startsWith("entered");
    fill("filler");
    assertThat(entered(new Stamp(1, 2))).isEqualTo("entered 1.1.0");
    assertThat(entered(new Stamp(1, 1))).isEqualTo("refused 1.2.0");
    assertThat(new Gate(rig.places.data(), new LocalProcesses()).remembered())
        .isEqualTo(new Stamp(1, 2));
  }
}
