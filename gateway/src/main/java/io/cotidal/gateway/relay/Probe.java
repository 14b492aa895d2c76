package io.cotidal.gateway.relay;

import io.cotidal.gateway.outbox.Footing;
import io.cotidal.gateway.request.Subject;
import io.cotidal.objects.looks.Looking;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.state.Agreed;
import io.cotidal.objects.state.AgreedText;
import io.cotidal.objects.state.Imprint;
import io.cotidal.objects.state.Look;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.remote.Deadline;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Looks at a container or an account at this site before a client's change goes there: only who
 * knows what it was can tell at another site whether somebody changed it there, too. Thread-safe.
 */
public final class Probe {
  private final Sites sites;

  /** At this site. */
  public Probe(Sites sites) {
    this.sites = sites;
  }

  /** What it is now. */
  public Footing before(Subject subject, Deadline deadline) throws InterruptedException {
    Optional<ContainerName> name = subject.container();
    return name.isPresent()
        ? container(name.get(), deadline)
        : account(subject.account(), deadline);
  }

  private Footing account(String account, Deadline deadline) throws InterruptedException {
    try {
      AccountState state =
          sites
              .own()
              .accounts()
              .head(account, deadline)
              .map(head -> AccountState.of(head.headers()))
              .orElse(AccountState.EMPTY);
      return new Footing.Known(state.mark(account));
    } catch (SwiftTrouble e) {
      if (e.why() == SwiftTrouble.Why.INTERRUPTED) {
        throw e.interruption();
      }
      return new Footing.Unasked();
    }
  }

  private Footing container(ContainerName name, Deadline deadline) throws InterruptedException {
    return switch (Looking.look(sites.own(), name, false, deadline).look()) {
      case Look.Seen seen -> new Footing.Known(AgreedText.write(name, agreed(name, seen)));
      case Look.Absent _ -> new Footing.Nothing();
      case Look.Unknown _ -> new Footing.Unasked();
    };
  }

  private Agreed agreed(ContainerName name, Look.Seen seen) {
    Imprint state = seen.state().imprint(name);
    String key = seen.state().key(name);
    Agreed.Base had =
        new Agreed.Base.Held(
            state, Optional.empty(), key, seen.state().policy(), seen.written(), true);
    return new Agreed(new Agreed.Form.Live(state), key, new TreeMap<>(Map.of(sites.here(), had)));
  }
}
