package io.cotidal.directory.ldap;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.extensions.StartTLSExtendedRequest;
import io.cotidal.directory.spec.Access;
import io.cotidal.directory.spec.Security;
import io.cotidal.directory.spec.Server;
import io.cotidal.model.Secret;
import io.cotidal.remote.Deadline;
import java.time.Duration;
import javax.net.SocketFactory;

/** Opens connections as the configuration says: protected first, then logged in, or not at all. */
public final class Dial {
  /** What a time-out may be early by. */
  private static final Duration LAST = Duration.ofMillis(50);

  private final Access access;
  private final Trust trust;

  /** Opens nothing yet. */
  public Dial(Access access, Trust trust) {
    this.access = access;
    this.trust = trust;
  }

  /** Where it listens for us. */
  public int port(Server server) {
    return server.port(access.security());
  }

  /** A connection, logged in as Cotidal. Whoever gets it closes it. */
  public LDAPConnection open(Server server, Deadline deadline) throws LDAPException {
    return open(server, access.bindDn(), access.password(), deadline);
  }

  /** A connection, logged in as somebody else. */
  public LDAPConnection open(Server server, String bindDn, Secret password, Deadline deadline)
      throws LDAPException {
    int patience = millis(deadline);
    LDAPConnectionOptions options = new LDAPConnectionOptions();
    options.setUseSynchronousMode(true);
    options.setFollowReferrals(false);
    options.setConnectTimeoutMillis(patience);
    options.setResponseTimeoutMillis(patience);
    SocketFactory sockets =
        access.security() == Security.LDAPS ? trust : SocketFactory.getDefault();
    LDAPConnection connection = new LDAPConnection(sockets, options);
    boolean done = false;
    try {
      connection.connect(server.host(), port(server), patience);
      if (access.security() == Security.STARTTLS) {
        protect(connection, deadline);
      }
      if (!bindDn.isEmpty()) {
        SimpleBindRequest bind = new SimpleBindRequest(bindDn, password.reveal());
        bind.setResponseTimeoutMillis(millis(deadline));
        connection.bind(bind);
      }
      done = true;
      return connection;
    } catch (LDAPException e) {
      // The library closes a socket on which nobody has spoken TLS in time, and then says that the
      // other end did.
      boolean late =
          deadline.left().compareTo(LAST) < 0 && e.getResultCode().isClientSideResultCode();
      throw late ? new LDAPException(ResultCode.TIMEOUT, "no answer in time", e) : e;
    } finally {
      if (!done) {
        connection.close();
      }
    }
  }

  /** No login is sent unless the connection is protected by then. */
  private void protect(LDAPConnection connection, Deadline deadline) throws LDAPException {
    StartTLSExtendedRequest request = new StartTLSExtendedRequest(trust);
    request.setResponseTimeoutMillis(millis(deadline));
    ResultCode answer;
    try {
      answer = connection.processExtendedOperation(request).getResultCode();
    } catch (LDAPException e) {
      if (e.getResultCode().isClientSideResultCode()) {
        throw e;
      }
      answer = e.getResultCode();
    }
    if (!answer.equals(ResultCode.SUCCESS)) {
      throw new LDAPException(
          ResultCode.CONFIDENTIALITY_REQUIRED,
          "the server refuses StartTLS (%s): nothing was sent in clear; give it a certificate"
              .formatted(answer.getName()));
    }
    if (connection.getSSLSession() == null) {
      throw new LDAPException(
          ResultCode.CONFIDENTIALITY_REQUIRED, "the connection is not protected after StartTLS");
    }
  }

  /** What is left, as the library takes it: at least a millisecond, for zero means for ever. */
  static int millis(Deadline deadline) {
    return Math.clamp(deadline.left().toMillis(), 1, Integer.MAX_VALUE);
  }
}
