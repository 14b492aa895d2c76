package io.cotidal.remote.mail;

import io.cotidal.model.Secret;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where messages are handed in.
 *
 * @param host name or address
 * @param startTls whether nothing is said without TLS; a server that does not offer it then is
 *     refused
 * @param authorities PEM certificates to trust; the system's if empty
 * @param account as whom; empty for nobody. Its password goes over TLS alone
 */
public record MailServer(
    String host,
    int port,
    boolean startTls,
    Optional<Path> authorities,
    Optional<Account> account) {
  /** As whom. */
  public record Account(String user, Secret password) {}

  /** Checks that a password is not sent in the clear. */
  public MailServer {
    if (account.isPresent() && !startTls) {
      throw new IllegalArgumentException("a password needs starttls");
    }
  }
}
