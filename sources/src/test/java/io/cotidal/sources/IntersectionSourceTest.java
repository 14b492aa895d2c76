package io.cotidal.sources;

import io.cotidal.sources.spec.SourceSpec;

/** Two sources that must agree. */
final class IntersectionSourceTest extends MemberSourceConformance {
  @Override
  World world() throws Exception {
    return Worlds.Both.open(SourceSpec.Intersection::new);
  }
}
