package io.cotidal.remote.http;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a client may be led, and whom it trusts.
 *
 * @param linkLocal whether an address of the link is taken; where machines are rented, what answers
 *     there may hand out keys
 * @param plainSecrets whether secrets may go over plain HTTP to addresses of private networks; to
 *     this machine they may always, to others never
 * @param authorities a file of PEM certificates that TLS servers are checked by; empty for those of
 *     the Java runtime
 */
public record Guard(boolean linkLocal, boolean plainSecrets, Optional<Path> authorities) {
  /** Nothing on the link, the usual authorities. */
  public static final Guard STRICT = new Guard(false, Optional.empty());

  /** Secrets in plain to this machine only. */
  public Guard(boolean linkLocal, Optional<Path> authorities) {
    this(linkLocal, false, authorities);
  }

  /** For a server that an operator names and that speaks plain HTTP within their own network. */
  public static Guard ownNetwork() {
    return new Guard(false, true, Optional.empty());
  }

  /** Whether a secret may go there in plain. */
  public boolean tells(InetAddress address) {
    return address.isLoopbackAddress() || (plainSecrets && isPrivate(address));
  }

  /** RFC 1918, the shared range of RFC 6598, and unique local addresses of IPv6. */
  private static boolean isPrivate(InetAddress one) {
    byte[] bytes = one.getAddress();
    boolean shared = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
    boolean unique = bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc;
    return one.isSiteLocalAddress() || shared || unique;
  }
}
