package io.cotidal.gateway.relay;

import io.cotidal.objects.ledger.Overrulings;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.stamps.Losses;
import io.cotidal.objects.state.Overruled;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this gateway overrules: on its own disk before it happens, and at its site for people who
 * ask the daemon. Thread-safe.
 */
final class Conflicts {
  private static final Logger log = LoggerFactory.getLogger(Conflicts.class);
  private static final Duration EACH = Duration.ofSeconds(10);

  private final Overrulings file;
  private final Losses losses;
  private final Sites sites;
  private final InstantSource clock;

  /**
   * Those of a folder, which is there.
   *
   * @param losses at this site
   */
  Conflicts(Path folder, Losses losses, Sites sites, InstantSource clock) {
    this.file = new Overrulings(folder, "conflicts");
    this.losses = losses;
    this.sites = sites;
    this.clock = clock;
  }

  /**
   * Writes down what is overruled of a container.
   *
   * @throws IOException if it may not be on the disk: nothing is to be overruled then
   */
  void append(ContainerName name, List<Overruled> overruled, Deadline deadline)
      throws IOException, InterruptedException {
    if (overruled.isEmpty()) {
      return;
    }
    Losses.Moment moment = new Losses.Moment(clock.instant(), deadline.atMost(EACH));
    file.append(name, overruled, moment.at());
    try {
      losses.leave(sites.own(), name, overruled, moment);
    } catch (SwiftTrouble e) {
      if (e.why() == SwiftTrouble.Why.INTERRUPTED) {
        throw e.interruption();
      }
      // It is on our disk; only the daemon does not hear of it.
      log.warn("event=conflict-not-told container={} reason=\"{}\"", name, e.getMessage());
    }
  }

  /**
   * The same of what an account says of itself, for our own disk.
   *
   * @throws IOException if it may not be on the disk
   */
  void append(String account, List<Overruled> overruled) throws IOException {
    file.append(account, overruled, clock.instant());
  }

  /** How many were written down since this was made. */
  long written() {
    return file.written();
  }
}
