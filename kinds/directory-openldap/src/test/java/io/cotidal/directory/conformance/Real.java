package io.cotidal.directory.conformance;

import com.unboundid.ldap.sdk.LDAPConnection;
import io.cotidal.directory.spec.Access;
import io.cotidal.directory.spec.Security;
import io.cotidal.directory.target.Target;
import io.cotidal.lab.ServerRegistry;
import io.cotidal.model.Secret;
import java.io.IOException;

/** A real server under test. */
public interface Real {
  /** Where it listens, on 127.0.0.1. */
  int port();

  /** Kills it. */
  void kill() throws IOException;

  /** Starts it again. */
  void start() throws IOException;

  /** A vendor's servers. */
  interface Vendor {
    Target target();

    /** As whom everything may be done. */
    String administrator();

    /** With which password. */
    default String password() {
      return "secret-of-the-lab";
    }

    /** The suppliers' account. */
    String account();

    /** Starts one that holds the suffix entry alone. */
    Real start(ServerRegistry lab, String suffix) throws IOException;

    /** Whose certificates are trusted, as PEM text. */
    default String authorities() {
      return "";
    }

    /** What all servers of one lab share; before anything else. */
    default void prepare(ServerRegistry lab) throws IOException {}

    /** How connections to the servers, and between them, are protected. */
    default Security security() {
      return Security.PLAIN;
    }

    default Access access() {
      return new Access(security(), authorities(), administrator(), new Secret(password()));
    }

    default LDAPConnection connect(Real server) throws Exception {
      return new LDAPConnection("127.0.0.1", server.port(), administrator(), password());
    }
  }
}
