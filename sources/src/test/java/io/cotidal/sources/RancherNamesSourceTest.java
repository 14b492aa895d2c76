package io.cotidal.sources;

/** A service in Rancher, where a version lists only the names of containers. */
final class RancherNamesSourceTest extends MemberSourceConformance {
  @Override
  World world() throws Exception {
    return Worlds.rancher("2015-07-25");
  }
}
