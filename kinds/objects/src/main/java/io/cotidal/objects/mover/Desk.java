package io.cotidal.objects.mover;

import io.cotidal.model.Secret;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.swift.ContainerHead;
import io.cotidal.objects.swift.Swift;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.objects.swift.SwiftTrouble.Why;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One site in one pass: what it is asked is asked again while it is in trouble, and once it seems
 * to be gone it is not asked any more. Thread-safe.
 */
final class Desk {
  private static final int STRIKES = 3;
  private static final Duration SMALL = Duration.ofSeconds(30);

  private final int number;
  private final PassSite site;
  private final Patience patience;
  private final Deadline deadline;
  private final AtomicInteger strikes = new AtomicInteger();
  private final Map<ContainerName, Optional<ContainerHead>> containers = new ConcurrentHashMap<>();
  private volatile @Nullable String out;

  Desk(int number, PassSite site, Patience patience, Deadline deadline) {
    this.number = number;
    this.site = site;
    this.patience = patience;
    this.deadline = deadline;
  }

  /** Its place in the sets of sites. */
  int number() {
    return number;
  }

  Swift swift() {
    return site.swift();
  }

  Deadline deadline() {
    return deadline;
  }

  /** Something small that is asked of the site. */
  interface Call<T> {
    T ask(Deadline each) throws SwiftTrouble, IOException;
  }

  /** Asks until it is answered, or too often. */
  <T> T call(Call<T> call) throws SiteFailed, InterruptedException {
    Patience.Tries tries = patience.tries();
    while (true) {
      try (Governor.Permit permit = enter()) {
        return watched(permit, call);
      } catch (SwiftTrouble e) {
        again(tries, e);
      } catch (IOException e) {
        again(tries, e);
      }
    }
  }

  private <T> T watched(Governor.Permit permit, Call<T> call) throws SwiftTrouble, IOException {
    try {
      T answer = call.ask(deadline.atMost(SMALL));
      well(permit);
      return answer;
    } catch (SwiftTrouble e) {
      badly(permit, e);
      throw e;
    } catch (IOException e) {
      permit.badly();
      throw e;
    }
  }

  /** Waits until the site may be asked one thing more. */
  Governor.Permit enter() throws SiteFailed, InterruptedException {
    check();
    Governor.Permit permit =
        site.governor()
            .enter(deadline)
            .orElseThrow(
                () -> new SiteFailed(number, "there was no time left to ask site " + this));
    if (out != null) {
      permit.close();
      check();
    }
    return permit;
  }

  /** The site has answered. */
  void well(Governor.Permit permit) {
    permit.well();
    strikes.set(0);
  }

  /** The site has not done it. */
  void badly(Governor.Permit permit, SwiftTrouble trouble) {
    switch (trouble.why()) {
      case UNREACHABLE, BUSY, BROKEN -> permit.badly();
      case MISSING, CONFLICT, REJECTED -> well(permit);
      case REFUSED, SOURCE, INTERRUPTED -> {}
    }
  }

  /** Waits before the next try, or gives up. */
  void again(Patience.Tries tries, SwiftTrouble trouble) throws SiteFailed, InterruptedException {
    if (trouble.why() == Why.INTERRUPTED) {
      Thread.interrupted();
      throw new InterruptedException(trouble.getMessage());
    }
    boolean more = trouble.passing() && out == null && tries.pause(trouble.after(), deadline);
    if (!more) {
      strike(trouble);
      throw new SiteFailed(number, trouble);
    }
  }

  /** The same after an answer that broke off. */
  private void again(Patience.Tries tries, IOException broken)
      throws SiteFailed, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted while an answer was read");
    }
    if (!tries.pause(Optional.empty(), deadline)) {
      throw new SiteFailed(number, "site " + this + ": " + broken.getMessage());
    }
  }

  private void strike(SwiftTrouble trouble) {
    boolean answered =
        switch (trouble.why()) {
          case MISSING, CONFLICT, REJECTED, SOURCE, INTERRUPTED -> true;
          case UNREACHABLE, BUSY, BROKEN, REFUSED -> false;
        };
    if (!answered && !deadline.over() && strikes.incrementAndGet() >= STRIKES) {
      leave(trouble.getMessage());
    }
  }

  /** Asks it nothing more in this pass. */
  void leave(String reason) {
    if (out == null) {
      out = reason;
    }
  }

  /** Why it is asked nothing more; empty while it is. */
  Optional<String> out() {
    return Optional.ofNullable(out);
  }

  void check() throws SiteFailed {
    String reason = out;
    if (reason != null) {
      throw new SiteFailed(number, reason);
    }
  }

  /** A container there, as it was when it was asked for first; empty if there is none. */
  Optional<ContainerHead> container(ContainerName name) throws SiteFailed, InterruptedException {
    Optional<ContainerHead> known = containers.get(name);
    if (known == null) {
      known = call(each -> swift().containers().head(name, each));
      containers.put(name, known);
    }
    return known;
  }

  /** The key with which writes to a container are signed. */
  Secret key(ContainerName name) throws SiteFailed, InterruptedException {
    return container(name)
        .flatMap(ContainerHead::key)
        .orElseThrow(() ->
            new SiteFailed(
                number,
                "site "
                    + this
                    + ": "
                    + name
                    + " is not there, or has no key: its state has to be made first"));
  }

  /** The site's name. */
  @Override
  public String toString() {
    return site.swift().toString();
  }
}
