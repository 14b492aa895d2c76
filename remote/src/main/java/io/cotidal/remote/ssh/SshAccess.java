package io.cotidal.remote.ssh;

import java.nio.file.Path;

/**
 * How one account of one machine is reached.
 *
 * @param host name or address
 * @param port 1 to 65535
 * @param user the account
 * @param identity the file of the private key that lets us in, without a passphrase
 * @param keys where the machine's own keys stand; no other machine is talked to
 */
public record SshAccess(String host, int port, String user, Path identity, PinnedKeys keys) {
  @Override
  public String toString() {
    return user + "@" + host + ":" + port;
  }
}
