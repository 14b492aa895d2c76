package io.cotidal.gateway.relay;

import io.cotidal.gateway.answer.Telling.Reached;
import io.cotidal.model.MemberId;
import io.cotidal.objects.looks.Deeds;
import io.cotidal.objects.looks.Looking;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.state.Act;
import io.cotidal.objects.state.Agreed;
import io.cotidal.objects.state.Decision;
import io.cotidal.objects.state.Look;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The acts of one decision, one after the other; what each changes of the agreement is kept. */
final class Turn {
  private static final Duration EACH = Duration.ofSeconds(15);

  /** So long clients of this site may be kept waiting for a change of one container. */
  private static final Duration ALONE = Duration.ofSeconds(8);

  private final ContainerName name;
  private final Standing standing;
  private final Decision decision;
  private final Means means;
  private final List<String> why = new ArrayList<>();
  private final Set<MemberId> silent = new HashSet<>();
  private final Set<MemberId> behind = new HashSet<>();
  private Optional<Agreed> agreed;
  private final Set<MemberId> ahead = new HashSet<>();
  private Standing outcome;
  private boolean sure = true;
  private boolean acted;
  private boolean overtaken;
  private boolean over;

  /** Keeps what is agreed. */
  interface Keeper {
    void keep(Optional<Agreed> agreed) throws IOException, InterruptedException;
  }

  /**
   * With what it acts.
   *
   * @param told how far it has come, whenever that is more
   */
  record Means(Sites sites, Rests rests, Mine mine, Keeper keeper, Carried.Listener told) {}

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
    this.outcome = standing;
    silent.addAll(standing.silent());
    decision.acts().stream().filter(Turn::matters).map(Act::site).forEach(ahead::add);
  }

  /** Whether clients could tell whether it was done. */
  private static boolean matters(Act act) {
    return !(act instanceof Act.Post post && post.keyOnly());
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
      ahead.remove(act.site());
      if (over) {
        return;
      }
      means.told().reached(reached());
    }
  }

  private void failed(MemberId site, SwiftTrouble trouble) {
    sure = false;
    behind.add(site);
    if (trouble.siteWide()) {
      silent.add(site);
      means.rests().failed(site, trouble.getMessage(), System.nanoTime());
    } else {
      why.add(Carried.reason(trouble));
    }
  }

  private void one(Act act, Deadline deadline)
      throws SwiftTrouble, IOException, InterruptedException {
    if (act instanceof Act.Drain || act instanceof Act.Hold) {
      // Objects are drained by those who compare them.
      held(act);
      return;
    }
    if (!own(act)) {
      done(act, deadline);
    } else if (!mine(act, deadline.atMost(ALONE))) {
      return;
    }
    acted = true;
    outcome = outcome.after(act);
    agreed = agreed.map(before -> before.after(act));
    means.keeper().keep(agreed);
  }

  /** Whether it was done at this site; if not, the rest of the decision is worth nothing. */
  private boolean mine(Act act, Deadline deadline) throws SwiftTrouble, InterruptedException {
    MemberId here = act.site();
    OwnSite.Came came =
        means
            .mine()
            .act(
                () -> !matters(act) || standing.still(here, now(here, deadline)),
                () -> done(act, deadline));
    switch (came) {
      case DONE -> {
        return true;
      }
      case BUSY -> why.add("site " + here + ": " + OwnSite.BUSY);
      case OTHER -> overtaken = true;
    }
    behind.add(here);
    sure = false;
    over = true;
    return false;
  }

  private Look now(MemberId here, Deadline deadline) throws InterruptedException {
    boolean had = decision.agreed().filter(each -> each.had(here)).isPresent();
    return Looking.look(means.sites().at(here), name, had, deadline).look();
  }

  private void done(Act act, Deadline deadline) throws SwiftTrouble {
    boolean made = Deeds.done(means.sites().at(act.site()), name, act, deadline);
    sure &= standing.tells(means.sites().here(), act, made);
  }

  private void held(Act act) {
    sure = false;
    behind.add(act.site());
    if (!standing.silent().contains(act.site())) {
      why.add("site " + act.site() + ": " + act.sentence());
    }
  }

  private boolean own(Act act) {
    return act.site().equals(means.sites().here());
  }

  /**
   * How it stands at its sites by what they answered; empty if something was not done, or if an
   * answer does not tell what it is now.
   */
  Optional<Standing> outcome() {
    return acted && sure ? Optional.of(outcome) : Optional.empty();
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
            .filter(site -> !behind.contains(site) && !ahead.contains(site))
            .filter(site -> !(standing.look(site) instanceof Look.Unknown))
            .count();
    return new Reached(blind ? 0 : (int) confirmed, standing.sites().size());
  }

  /**
   * What came of it.
   *
   * @param confirmed whether nothing is left to be done after what was done
   */
  Carried carried(boolean confirmed) {
    boolean all = behind.isEmpty() && standing.silent().isEmpty();
    return new Carried(all && (acted ? confirmed : decision.settled()), silent, why);
  }
}
