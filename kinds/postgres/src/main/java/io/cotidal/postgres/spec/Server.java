package io.cotidal.postgres.spec;

import io.cotidal.model.MemberId;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One server of a cluster.
 *
 * @param addresses where it listens
 * @param port 1 to 65535
 * @param data its data directory; the gate's files lie beside it, in a directory of the same name
 *     with {@code .gate}
 * @param bin the directory of {@code initdb}, {@code pg_ctl} and {@code postgres}
 * @param user the operating-system user that runs it; empty for the one that reaches it
 * @param reach how its machine is reached
 * @param follows the member that it streams from while that one streams itself; empty for the
 *     primary
 */
public record Server(
    MemberId id,
    Addresses addresses,
    int port,
    Path data,
    Path bin,
    String user,
    Reach reach,
    Optional<MemberId> follows) {
  /** One that streams from the primary. */
  public Server(
      MemberId id, Addresses addresses, int port, Path data, Path bin, String user, Reach reach) {
    this(id, addresses, port, data, bin, user, reach, Optional.empty());
  }

  /** A process of this machine, with one address for all. */
  public Server(MemberId id, String host, int port, Path data, Path bin, String user) {
    this(id, Addresses.all(host), port, data, bin, user, new Reach.Local());
  }

  /** The same, streaming from another member. */
  public Server following(MemberId upstream) {
    return new Server(id, addresses, port, data, bin, user, reach, Optional.of(upstream));
  }

  /** Where Cotidal reaches it. */
  public String host() {
    return addresses.control();
  }

  /** Whether acts on it go through a gate, which refuses older ones. */
  public boolean gated() {
    return !(reach instanceof Reach.Sql);
  }
}
