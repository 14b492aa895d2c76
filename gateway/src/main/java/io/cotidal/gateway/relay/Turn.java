package io.cotidal.gateway.relay;

import io.cotidal.gateway.answer.Telling.Reached;
import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.objects.looks.Looking;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.state.Act;
import io.cotidal.objects.state.Agreed;
import io.cotidal.objects.state.Change;
import io.cotidal.objects.state.Decision;
import io.cotidal.objects.state.Look;
import io.cotidal.objects.swift.Swift;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.kept.Header;
import io.cotidal.remote.http.kept.Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The acts of one decision, one after the other; what each changes of the agreement is kept. */
final class Turn {
  private static final Duration EACH = Duration.ofSeconds(15);

  /** So long clients of this site may be kept waiting for a change of one container. */
  private static final Duration ALONE = Duration.ofSeconds(8);

  private static final String BUSY = "a client is changing it at this site";
  private static final String POLICY = "x-storage-policy";

  private final ContainerName name;
  private final Standing standing;
  private final Decision decision;
  private final Means means;
  private final List<String> why = new ArrayList<>();
  private final Set<MemberId> silent = new HashSet<>();
  private final Set<MemberId> behind = new HashSet<>();
  private Optional<Agreed> agreed;
  private boolean acted;
  private boolean overtaken;
  private boolean over;

  /** Keeps what is agreed. */
  interface Keeper {
    void keep(Optional<Agreed> agreed) throws IOException, InterruptedException;
  }

  /** With what it acts. */
  record Means(Sites sites, Rests rests, Mine mine, Keeper keeper) {}

  /** Acts at this site, where clients are at work. */
  interface Mine {
    OwnSite.Came act(OwnSite.Look look, OwnSite.Call call)
        throws SwiftTrouble, InterruptedException;
  }

  Turn(ContainerName name, Standing standing, Decision decision, Means means) {
    this.name = name;
    this.standing = standing;
    this.decision = decision;
    this.means = means;
    this.agreed = decision.agreed();
    silent.addAll(standing.silent());
  }

  void run(Deadline deadline) throws IOException, InterruptedException {
    for (Act act : decision.acts()) {
      try {
        one(act, deadline.atMost(EACH));
      } catch (SwiftTrouble e) {
        if (e.why() == SwiftTrouble.Why.INTERRUPTED) {
          throw e.interruption();
        }
        failed(act.site(), e);
      }
      if (over) {
        return;
      }
    }
  }

  private void failed(MemberId site, SwiftTrouble trouble) {
    behind.add(site);
    if (trouble.siteWide()) {
      silent.add(site);
      means.rests().failed(site, trouble.getMessage(), System.nanoTime());
    } else {
      why.add(trouble.getMessage());
    }
  }

  private void one(Act act, Deadline deadline)
      throws SwiftTrouble, IOException, InterruptedException {
    if (act instanceof Act.Drain || act instanceof Act.Hold) {
      // Objects are drained by those who compare them.
      held(act);
      return;
    }
    if (!act.site().equals(means.sites().here())) {
      done(act, deadline);
    } else if (!mine(act, deadline.atMost(ALONE))) {
      return;
    }
    acted = true;
    agreed = agreed.map(before -> before.after(act));
    means.keeper().keep(agreed);
  }

  /** Whether it was done at this site; if not, the rest of the decision is worth nothing. */
  private boolean mine(Act act, Deadline deadline) throws SwiftTrouble, InterruptedException {
    MemberId here = act.site();
    OwnSite.Came came =
        means
            .mine()
            .act(() -> standing.still(here, now(here, deadline)), () -> done(act, deadline));
    switch (came) {
      case DONE -> {
        return true;
      }
      case BUSY -> why.add("site " + here + ": " + BUSY);
      case OTHER -> overtaken = true;
    }
    behind.add(here);
    over = true;
    return false;
  }

  private Look now(MemberId here, Deadline deadline) throws InterruptedException {
    boolean had = decision.agreed().filter(each -> each.had(here)).isPresent();
    return Looking.look(means.sites().at(here), name, had, deadline).look();
  }

  private void done(Act act, Deadline deadline) throws SwiftTrouble {
    Swift swift = means.sites().at(act.site());
    switch (act) {
      case Act.Create create -> made(swift, create.policy(), create.change(), deadline);
      case Act.Undelete again -> made(swift, again.policy(), again.change(), deadline);
      case Act.Post post -> {
        for (Change change : post.requests()) {
          swift.containers().post(name, headers(change), deadline);
        }
      }
      case Act.Delete _ -> {
        boolean _ = swift.containers().delete(name, deadline);
      }
      case Act.Drain _, Act.Hold _ -> {}
    }
  }

  private void held(Act act) {
    behind.add(act.site());
    if (!standing.silent().contains(act.site())) {
      why.add("site " + act.site() + ": " + act.sentence());
    }
  }

  private void made(Swift swift, String policy, Change change, Deadline deadline)
      throws SwiftTrouble {
    Headers headers = headers(change);
    Headers all = policy.isEmpty() ? headers : headers.with(POLICY, policy);
    boolean _ = swift.containers().put(name, all, deadline);
  }

  private static Headers headers(Change change) {
    Headers all = Headers.NONE;
    for (Map.Entry<String, Secret> each : change.headers().entrySet()) {
      all = all.with(new Header(each.getKey(), each.getValue().reveal()));
    }
    return all;
  }

  /** What is agreed now. */
  Optional<Agreed> agreed() {
    return agreed;
  }

  /** Whether something was done, so that another look is due. */
  boolean acted() {
    return acted;
  }

  /** Whether somebody came between at this site, so that another look is due. */
  boolean overtaken() {
    return overtaken;
  }

  /** How many of its sites have it; none, while nobody can tell what it is at this one. */
  Reached reached() {
    MemberId here = means.sites().here();
    boolean blind = standing.sites().contains(here) && standing.look(here) instanceof Look.Unknown;
    long confirmed =
        standing.sites().stream()
            .filter(
                site -> !behind.contains(site) && !(standing.look(site) instanceof Look.Unknown))
            .count();
    return new Reached(blind ? 0 : (int) confirmed, standing.sites().size());
  }

  Carried carried() {
    boolean all = behind.isEmpty() && standing.silent().isEmpty();
    return new Carried(all && !acted && decision.settled(), silent, why);
  }
}
