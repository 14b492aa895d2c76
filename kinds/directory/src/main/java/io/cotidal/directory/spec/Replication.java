package io.cotidal.directory.spec;

import io.cotidal.model.Secret;
import java.time.Duration;

/**
 * How the servers log in to one another.
 *
 * @param security of the paths between servers
 * @param port to which suppliers connect; 0 for each server's own
 * @param bindDn the account that suppliers use, made where it is missing
 * @param backoff the shortest pause of a supplier whose consumer did not answer; zero leaves the
 *     server's own
 * @param longestBackoff the longest; zero leaves the server's own
 * @param adopted what the names of agreements begin with that somebody else made and that are taken
 *     over without being asked about; empty to take over none
 */
public record Replication(
    Security security,
    int port,
    String bindDn,
    Secret password,
    Duration backoff,
    Duration longestBackoff,
    String adopted) {
  /** That takes over no agreement unasked. */
  public Replication(
      Security security,
      int port,
      String bindDn,
      Secret password,
      Duration backoff,
      Duration longestBackoff) {
    this(security, port, bindDn, password, backoff, longestBackoff, "");
  }
}
