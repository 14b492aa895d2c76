package io.cotidal.directory.openldap;

import io.cotidal.directory.conformance.Real;
import io.cotidal.directory.conformance.TargetConformance;
import org.junit.jupiter.api.DisplayName;

@DisplayName("OpenLDAP as a target")
final class OpenLdapConformanceIT extends TargetConformance {
  @Override
  protected Real.Vendor vendor() {
    return new Vendor();
  }
}
