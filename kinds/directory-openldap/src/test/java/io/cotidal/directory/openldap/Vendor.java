package io.cotidal.directory.openldap;

import io.cotidal.directory.conformance.Real;
import io.cotidal.directory.target.Target;
import io.cotidal.lab.OpenLdapServer;
import io.cotidal.lab.ServerRegistry;
import java.io.IOException;

/** Real slapds. */
final class Vendor implements Real.Vendor {

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
    return start(lab, suffix, true);
  }

  static Real start(ServerRegistry lab, String suffix, boolean entry) throws IOException {
    return new Running(OpenLdapServer.start(lab, OpenLdapServer.Settings.plain(suffix, entry)));
  }
}
