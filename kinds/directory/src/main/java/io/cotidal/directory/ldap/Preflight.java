package io.cotidal.directory.ldap;

import com.unboundid.ldap.sdk.LDAPException;
import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.spec.Server;
import io.cotidal.model.Details;
import io.cotidal.model.Observation;
import io.cotidal.remote.Deadline;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** What is worth knowing of a server before anything is done on it. */
final class Preflight {
  private final Lines lines;
  private final Dialect dialect;
  private final String suffix;

  Preflight(Lines lines, Dialect dialect, String suffix) {
    this.lines = lines;
    this.dialect = dialect;
    this.suffix = suffix;
  }

  /** Never throws for what the server does. */
  Details of(Server server, Deadline deadline) {
    Observation<DirectoryFacts> seen = dialect.look(server, List.of(server), deadline);
    Details details = Details.of("server", seen.sentence());
    if (!(seen instanceof Observation.Seen<DirectoryFacts> answered)) {
      return details;
    }
    details =
        details
            .with("version", answered.facts().version())
            .with("suffix", answered.facts().suffix() ? suffix : "missing")
            .with(dialect.preflight(server, answered.facts()));
    try {
      return details.with(lines.with(server, deadline, true, Preflight::certificate));
    } catch (LDAPException e) {
      return details.with("trouble", Trouble.of(e).reason());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return details.with("trouble", "interrupted");
    }
  }

  private static Details certificate(Session session) {
    SSLSession tls = session.connection().getSSLSession();
    if (tls == null) {
      return Details.of("tls", "none");
    }
    Details details = Details.of("tls", tls.getProtocol());
    try {
      for (Certificate each : tls.getPeerCertificates()) {
        if (each instanceof X509Certificate own) {
          return details.with("certificate-until", own.getNotAfter().toInstant());
        }
      }
    } catch (SSLPeerUnverifiedException e) {
      // A session without a certificate is one that was not verified: said as it is.
      return details.with("certificate", Trouble.line(e));
    }
    return details;
  }
}
