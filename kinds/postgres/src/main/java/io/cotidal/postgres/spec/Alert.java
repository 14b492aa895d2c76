package io.cotidal.postgres.spec;

import io.cotidal.model.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Who is told when something about a cluster needs somebody to look. */
public sealed interface Alert {
  /** Its name, for the log. */
  String name();

  /**
   * A URL that takes JSON by POST.
   *
   * @param url http to this machine alone, or https
   * @param token sent as a bearer; empty for none
   */
  record Webhook(String name, String url, Optional<Secret> token) implements Alert {}

  /**
   * People with an address.
   *
   * @param startTls whether nothing is said without TLS
   * @param authorities PEM certificates to trust; the system's if empty
   * @param user as whom; with a password, and that only with TLS
   */
  record Mail(
      String name,
      String host,
      int port,
      boolean startTls,
      Optional<Path> authorities,
      Optional<User> user,
      String from,
      List<String> to)
      implements Alert {
    /** As whom messages are handed in. */
    public record User(String name, Secret password) {}

    /** Copies the list. */
    public Mail {
      to = List.copyOf(to);
    }
  }
}
