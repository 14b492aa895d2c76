package io.cotidal.sources;

import io.cotidal.sources.spec.SourceSpec;

/** Two sources, of which one is enough. */
final class UnionSourceTest extends MemberSourceConformance {
  @Override
  World world() throws Exception {
    return Worlds.Both.open(SourceSpec.Union::new);
  }
}
