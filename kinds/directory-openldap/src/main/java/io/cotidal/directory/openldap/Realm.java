package io.cotidal.directory.openldap;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.LDAPException;
import io.cotidal.directory.spec.DirectorySpec;
import io.cotidal.directory.spec.Security;
import io.cotidal.directory.spec.Server;

/**
 * What one directory is called on its servers: its suffix, the place of our notes, our mark.
 *
 * <p>Neither notes nor the suppliers' account may lie among the data: they would be replicated. And
 * {@code cn=config} takes neither. So each server gets a database of ours that stores nothing, of
 * the type {@code null}: its root is the account, and its entry in {@code cn=config} bears the
 * notes.
 */
final class Realm {
  private final DirectorySpec spec;
  private final String mark;

  Realm(DirectorySpec spec) {
    this.spec = spec;
    this.mark = "cotidal " + spec.id().name() + " ";
  }

  DirectorySpec spec() {
    return spec;
  }

  String suffix() {
    return spec.suffix();
  }

  String account() {
    return spec.replication().bindDn();
  }

  String password() {
    return spec.replication().password().reveal();
  }

  /** The suffix of the database that stores nothing. */
  String home() {
    try {
      return DN.getParentString(account());
    } catch (LDAPException e) {
      throw new IllegalStateException("checked when the directory was configured", e);
    }
  }

  /** How our notes begin. */
  String mark() {
    return mark;
  }

  /** The port that others use to reach a server. */
  int port(Server server) {
    int fixed = spec.replication().port();
    return fixed == 0 ? server.port(spec.replication().security()) : fixed;
  }

  /** How others reach a server. */
  String provider(Server server) {
    String host = server.host().indexOf(':') < 0 ? server.host() : "[" + server.host() + "]";
    String scheme = spec.replication().security() == Security.LDAPS ? "ldaps" : "ldap";
    return scheme + "://" + host + ":" + port(server);
  }

  /** Whether two texts are one DN, however they are written. */
  static boolean same(String one, String other) {
    try {
      return DN.equals(one, other);
    } catch (LDAPException e) {
      // What is no DN is at most the same text.
      return one.equalsIgnoreCase(other);
    }
  }
}
