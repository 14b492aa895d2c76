package io.cotidal.sources;

import io.cotidal.lab.ServerCertificate;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Endpoint slices, over TLS. */
final class KubernetesSourceTest extends MemberSourceConformance {
  @TempDir static Path certificates;
  private static ServerCertificate certificate;

  @TempDir Path folder;

  @BeforeAll
  static void certify() throws Exception {
    certificate = ServerCertificate.make(certificates);
  }

  @Override
  World world() throws Exception {
    return Worlds.kubernetes(folder, certificate);
  }
}
