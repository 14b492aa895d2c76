package io.cotidal.remote.http;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a client may be led, and whom it trusts.
 *
 * @param linkLocal whether an address of the link is taken; where machines are rented, what answers
 *     there may hand out keys
 * @param authorities a file of PEM certificates that TLS servers are checked by; empty for those of
 *     the Java runtime
 */
public record Guard(boolean linkLocal, Optional<Path> authorities) {
  /** Nothing on the link, the usual authorities. */
  public static final Guard STRICT = new Guard(false, Optional.empty());
}
