package io.cotidal.sources.spec;

import io.cotidal.model.Secret;
import io.cotidal.remote.http.HttpAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A server that is asked over HTTP.
 *
 * @param token sent over TLS or to this machine only
 * @param authorities a file of PEM certificates to check it by; empty for those of the Java runtime
 */
public record WebServer(HttpAddress address, Optional<Secret> token, Optional<Path> authorities) {
  /**
   * A server without a token, checked by the usual authorities.
   *
   * @throws IllegalArgumentException if {@code url} is none
   */
  public static WebServer at(String url) {
    return new WebServer(HttpAddress.parse(url), Optional.empty(), Optional.empty());
  }

  /** The same with a token. */
  public WebServer with(Secret other) {
    return new WebServer(address, Optional.of(other), authorities);
  }

  /** The same, checked by other authorities. */
  public WebServer trusting(Path other) {
    return new WebServer(address, token, Optional.of(other));
  }
}
