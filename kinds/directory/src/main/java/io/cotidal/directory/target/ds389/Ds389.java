package io.cotidal.directory.target.ds389;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.LDAPException;
import io.cotidal.directory.ldap.Dial;
import io.cotidal.directory.ldap.Trouble;
import io.cotidal.directory.ldap.Trust;
import io.cotidal.directory.spec.DirectorySpec;
import io.cotidal.directory.target.Servers;
import io.cotidal.directory.target.Target;

/** Servers of the 389 Directory Server project, and those that are made from it. */
public final class Ds389 implements Target {
  /** The word for it in configuration. */
  public static final String NAME = "389ds";

  /** Found by the service loader. */
  public Ds389() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Servers servers(DirectorySpec spec) {
    dn("suffix", spec.suffix());
    dn("replication account", spec.replication().bindDn());
    if (spec.suffix().isBlank()) {
      throw new IllegalArgumentException("the suffix is empty: name the DN that is replicated");
    }
    if (spec.replication().bindDn().isBlank()) {
      throw new IllegalArgumentException(
          "the replication account is empty: name the DN as which the suppliers log in");
    }
    return Ds389Dialect.servers(
        spec, new Dial(spec.access(), Trust.of(spec.access().authorities())));
  }

  private static void dn(String what, String text) {
    try {
      new DN(text);
    } catch (LDAPException e) {
      throw new IllegalArgumentException(
          "the %s '%s' is no DN: %s".formatted(what, text, Trouble.line(e)), e);
    }
  }
}
