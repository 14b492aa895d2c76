package io.cotidal.directory.openldap;

import io.cotidal.directory.conformance.Real;
import io.cotidal.directory.spec.Security;
import io.cotidal.directory.target.Target;
import io.cotidal.lab.DirectoryAuthority;
import io.cotidal.lab.OpenLdapServer;
import io.cotidal.lab.ServerRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Real slapds, in clear or with StartTLS. */
final class Vendor implements Real.Vendor {
  private final Security security;
  private @Nullable DirectoryAuthority authority;

  Vendor() {
    this(Security.PLAIN);
  }

  Vendor(Security security) {
    this.security = security;
  }

  @Override
  public Security security() {
    return security;
  }

  @Override
  public void prepare(ServerRegistry lab) throws IOException {
    authority = security == Security.PLAIN ? null : DirectoryAuthority.make(lab);
  }

  @Override
  public String authorities() {
    try {
      return authority == null ? "" : authority.certificate();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Running(OpenLdapServer server) implements Real {
    @Override
    public int port() {
      return server.port();
    }

    @Override
    public void kill() throws IOException {
      server.kill();
    }

    @Override
    public void start() throws IOException {
      server.start();
    }
  }

  /** Takes all entries from one that was killed. */
  static void wipe(Real server) throws IOException {
    ((Running) server).server().wipe();
  }

  @Override
  public Target target() {
    return new OpenLdap();
  }

  @Override
  public String administrator() {
    return OpenLdapServer.ADMINISTRATOR;
  }

  @Override
  public String account() {
    return "cn=replicator,cn=cotidal";
  }

  @Override
  public Real start(ServerRegistry lab, String suffix) throws IOException {
    OpenLdapServer.Settings plain = OpenLdapServer.Settings.plain(suffix, true);
    return new Running(
        OpenLdapServer.start(lab, authority == null ? plain : plain.with(authority)));
  }
}
