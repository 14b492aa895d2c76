package io.cotidal.objects.steps;

import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.objects.mover.ContainerPass;
import io.cotidal.objects.mover.PassLook;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.observe.ObjectsFacts;
import io.cotidal.objects.observe.ObjectsFacts.Difference;
import io.cotidal.objects.state.Act;
import io.cotidal.objects.state.Contents;
import io.cotidal.objects.state.Decision;
import io.cotidal.objects.state.Look;
import io.cotidal.objects.state.Yielding.Decided;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks how one container differs between its sites, and changes nothing. */
final class Comparison {
  private final Bench bench;
  private final Leftovers leftovers;

  Comparison(Bench bench, Leftovers leftovers) {
    this.bench = bench;
    this.leftovers = leftovers;
  }

  /**
   * What was seen.
   *
   * @param difference empty if nothing is to be done
   * @param leaving a site that gives its copy up, if it is the same everywhere
   */
  record Seen(
      Standing standing, Optional<Difference> difference, Optional<ObjectsFacts.Leaving> leaving) {}

  /**
   * @param silent sites that are not asked, with the reason
   * @param since wall time at which a difference that is seen now was seen first
   * @throws IOException in one line if nobody can tell what was agreed on
   */
  Seen look(ContainerName name, Map<MemberId, String> silent, long since, Deadline deadline)
      throws IOException, InterruptedException {
    Standing standing = bench.heads().read(name, silent, Set.of(), deadline);
    Map<MemberId, Contents> contents = leftovers.contents(standing, deadline);
    Decided decided = bench.decide(standing, contents, deadline);
    Decision decision = decided.decision();
    Sum sum = new Sum();
    sum.waits = decided.waits().orElse("");
    decision.acts().forEach(act -> state(standing, act, sum));
    boolean comparable = standing.absent().isEmpty() && standing.present().size() > 1;
    boolean unsaid =
        !decision.agreed().equals(bench.agreements().of(name))
            || leftovers.untold(standing, contents);
    if (comparable) {
      PassLook look = ContainerPass.of(bench.order(standing)).look(deadline);
      sum.add(look);
      unsaid |= !look.ended();
    }
    // Who only looks has nobody who would write it down.
    boolean open = sum.any() || (unsaid && bench.spec().mode() != Mode.OBSERVE);
    if (open) {
      return new Seen(standing, Optional.of(sum.difference(name, since)), Optional.empty());
    }
    return new Seen(
        standing, Optional.empty(), sum.equal ? leaving(standing, deadline) : Optional.empty());
  }

  private Optional<ObjectsFacts.Leaving> leaving(Standing standing, Deadline deadline)
      throws IOException, InterruptedException {
    if (standing.left().isEmpty()
        || !standing.unread().isEmpty()
        || !standing.present().containsAll(standing.placed())) {
      return Optional.empty();
    }
    MemberId site = standing.left().getFirst();
    if (!(standing.looks().get(site) instanceof Look.Seen seen)) {
      return Optional.empty();
    }
    String stays = Withdrawals.refused(bench, standing, site, deadline);
    ContainerName name = standing.name();
    return Optional.of(
        new ObjectsFacts.Leaving(
            name.account(), name.container(), site, seen.objects(), seen.bytes(), stays));
  }

  private void state(Standing standing, Act act, Sum sum) {
    switch (act) {
      case Act.Create _, Act.Undelete _ -> {
        sum.state = true;
        sum.copies += standing.objects();
        sum.bytes += standing.bytes();
      }
      case Act.Post _ -> sum.state = true;
      case Act.Delete _ -> sum.state = true;
      case Act.Drain drain -> {
        boolean keyed =
            standing.looks().get(drain.site()) instanceof Look.Seen seen
                && seen.state().syncKey().isPresent();
        sum.braked |= leftovers.braked(drain.objects());
        sum.deletions += drain.objects();
        sum.state |= keyed && !sum.braked;
      }
      case Act.Hold _ -> {}
    }
  }

  private static final class Sum {
    private boolean state;
    private long copies;
    private long bytes;
    private long deletions;
    private boolean braked;
    private String waits = "";
    private boolean equal;

    void add(PassLook look) {
      equal = look.equal();
      copies += look.copies();
      bytes += look.bytes();
      deletions += look.deletions();
      braked |= look.braked();
    }

    boolean any() {
      return state || copies > 0 || deletions > 0 || !waits.isEmpty();
    }

    Difference difference(ContainerName name, long since) {
      return new Difference(
          name.account(), name.container(), state, copies, bytes, deletions, braked, since, waits);
    }
  }
}
