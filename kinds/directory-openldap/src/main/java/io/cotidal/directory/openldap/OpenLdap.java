package io.cotidal.directory.openldap;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.LDAPException;
import io.cotidal.directory.ldap.Dial;
import io.cotidal.directory.ldap.Trouble;
import io.cotidal.directory.ldap.Trust;
import io.cotidal.directory.spec.DirectorySpec;
import io.cotidal.directory.target.Servers;
import io.cotidal.directory.target.Target;

/** slapd of the OpenLDAP project, 2.5 or newer, configured over {@code cn=config}. */
public final class OpenLdap implements Target {
  /** The word for it in configuration. */
  public static final String NAME = "openldap";

  /** Found by the service loader. */
  public OpenLdap() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Servers servers(DirectorySpec spec) {
    DN suffix = dn("suffix", spec.suffix());
    DN account = dn("replication account", spec.replication().bindDn());
    dn("administrator's account", spec.access().bindDn());
    DN home = account.getParent();
    if (home == null || home.isNullDN()) {
      throw refused(spec, "has no parent: slapd keeps it as the root of a database of its own");
    }
    if (account.isDescendantOf(suffix, true)) {
      throw refused(spec, "lies below the suffix, and would be replicated with it");
    }
    try {
      if (account.isDescendantOf(new DN(Words.CONFIG), true)) {
        throw refused(spec, "lies in cn=config, which takes no accounts");
      }
    } catch (LDAPException e) {
      throw new IllegalStateException("cn=config is a DN", e);
    }
    plain("suffix", spec.suffix());
    plain("replication account", spec.replication().bindDn());
    plain("replication password", spec.replication().password().reveal());
    return SlapdDialect.servers(
        spec, new Dial(spec.access(), Trust.of(spec.access().authorities())));
  }

  private static IllegalArgumentException refused(DirectorySpec spec, String why) {
    return new IllegalArgumentException(
        "the replication account '%s' %s: name one like cn=replicator,cn=cotidal"
            .formatted(spec.replication().bindDn(), why));
  }

  /** How slapd reads these within a quoted word differs from place to place. */
  private static void plain(String what, String text) {
    if (text.indexOf('"') >= 0 || text.indexOf('\\') >= 0) {
      throw new IllegalArgumentException(
          "the %s has a quotation mark or a backslash, which olcSyncrepl cannot hold: choose another"
              .formatted(what));
    }
  }

  private static DN dn(String what, String text) {
    try {
      DN dn = new DN(text);
      if (dn.isNullDN()) {
        throw new IllegalArgumentException("the " + what + " is empty: name a DN");
      }
      return dn;
    } catch (LDAPException e) {
      throw new IllegalArgumentException(
          "the %s '%s' is no DN: %s".formatted(what, text, Trouble.line(e)), e);
    }
  }
}
