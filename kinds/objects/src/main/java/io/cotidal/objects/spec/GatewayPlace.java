package io.cotidal.objects.spec;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The gateway before a site: a process of its own, through which clients come.
 *
 * @param listen where clients reach it; port 0 for any that is free
 * @param folder for its outbox; nobody else's, and on a disk that keeps what it confirms
 * @param site where the site's proxy listens, over HTTP without TLS
 * @param status where it says how it fares, if it does
 */
public record GatewayPlace(At listen, Path folder, At site, Optional<At> status) {
  /**
   * A host's name or address, and a port.
   *
   * @param host an IPv6 address without brackets
   */
  public record At(String host, int port) {
    @Override
    public String toString() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }
}
