package io.cotidal.sources;

/** A service in Rancher. */
final class RancherSourceTest extends MemberSourceConformance {
  @Override
  World world() throws Exception {
    return Worlds.rancher("2016-07-29");
  }
}
