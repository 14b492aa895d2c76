package io.cotidal.sources;

import io.cotidal.sources.spec.SourceSpec.Dns.Records;

/** Addresses in the name service. */
final class DnsSourceTest extends MemberSourceConformance {
  @Override
  World world() throws Exception {
    return Worlds.Named.open(Records.A);
  }
}
