package io.cotidal.app.election;

import io.cotidal.model.Secret;
import io.cotidal.runtime.Election;
import io.cotidal.runtime.FileLockElection;
import io.cotidal.runtime.LeaseElection;
import io.cotidal.runtime.SystemClock;
import io.cotidal.store.PostgresAddress;
import io.cotidal.store.SqlStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A process that takes part in an election and prints what it hears, a line each; a line on its
 * input lets it resign, the end of its input ends it.
 */
final class Contender {
  /** Of the leases in these tests. */
  static final Duration LIFE = Duration.ofSeconds(2);

  private Contender() {}

  /**
   * Runs it.
   *
   * @param args {@code file PATH}, or {@code lease PORT DATABASE PASSWORD NAME}
   */
  public static void main(String[] args) throws IOException {
    try (SystemClock clock = new SystemClock()) {
      Election election =
          args[0].equals("file")
              ? new FileLockElection(Path.of(args[1]), clock)
              : lease(Integer.parseInt(args[1]), args[2], args[3], args[4], clock);
      election.start(
          new Election.Candidate() {
            @Override
            public void won() {
              System.out.println("won " + election.held());
            }

            @Override
            public void lost(String reason) {
              System.out.println("lost " + reason);
            }
          });
      if (System.in.read() >= 0) {
        election.close();
        System.out.println("resigned " + election.held());
        while (System.in.read() >= 0) {
          // Until it is over.
        }
      }
    }
    Runtime.getRuntime().halt(0);
  }

  private static Election lease(
      int port, String database, String password, String name, SystemClock clock) {
    SqlStore store = SqlStore.open(address(port, database), new Secret(password));
    return new LeaseElection(store.lease(LIFE).orElseThrow(), clock, LIFE, () -> name);
  }

  static PostgresAddress address(int port, String database) {
    return new PostgresAddress(
        "127.0.0.1",
        port,
        database,
        "cotidal",
        PostgresAddress.SCHEMA,
        new PostgresAddress.Tls(PostgresAddress.Mode.DISABLE, Optional.empty()));
  }
}
