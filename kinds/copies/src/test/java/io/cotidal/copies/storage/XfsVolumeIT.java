package io.cotidal.copies.storage;

import io.cotidal.lab.LoopVolume;
import io.cotidal.lab.ServerRegistry;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;

@DisplayName("a volume on xfs")
final class XfsVolumeIT extends VolumeConformance {
  @Override
  Path place(ServerRegistry lab) throws IOException, InterruptedException {
    String impossible = LoopVolume.impossible();
    Assumptions.assumeTrue(impossible.isEmpty(), "SKIPPED, xfs not proven: " + impossible);
    return LoopVolume.make(lab, LoopVolume.Type.XFS, 1L << 30).folder();
  }

  @Override
  Volume.Method expected() {
    return Volume.Method.REFLINK;
  }
}
