package io.cotidal.sources;

/** A list handed out by a server. */
final class HttpSourceTest extends MemberSourceConformance {
  @Override
  World world() throws Exception {
    return Worlds.http();
  }
}
