package io.cotidal.sources;

/** A service in Consul. */
final class ConsulSourceTest extends MemberSourceConformance {
  @Override
  World world() throws Exception {
    return Worlds.consul();
  }
}
