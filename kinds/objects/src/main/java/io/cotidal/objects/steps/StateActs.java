package io.cotidal.objects.steps;

import io.cotidal.model.MemberId;
import io.cotidal.objects.looks.Deeds;
import io.cotidal.objects.looks.Looking;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.state.Act;
import io.cotidal.objects.state.Agreed;
import io.cotidal.objects.state.Contents;
import io.cotidal.objects.state.Decision;
import io.cotidal.objects.state.Look;
import io.cotidal.objects.swift.Swift;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a container itself the same at its sites: what was overruled is written down, what is
 * agreed is kept, then the acts are done, and what each changes of the agreement is kept at once.
 */
final class StateActs {
  private static final int ROUNDS = 4;
  private static final Duration EACH = Duration.ofSeconds(30);

  private final Bench bench;
  private final Leftovers leftovers;

  StateActs(Bench bench, Leftovers leftovers) {
    this.bench = bench;
    this.leftovers = leftovers;
  }

  /**
   * How it ended.
   *
   * @param standing as it was seen last
   * @param deleted objects that went with their container
   * @param held deletions that wait for somebody's word
   * @param overruled how often somebody's word did not hold
   * @param why something is left, a line each; sites that cannot be read are not among them
   */
  record Done(Standing standing, long deleted, long held, long overruled, List<String> why) {
    /** Copies the list. */
    Done {
      why = List.copyOf(why);
    }
  }

  /** Until nothing is to be done, or nothing more can be. */
  Done converge(ContainerName name, Set<MemberId> also, long approved, Deadline deadline)
      throws IOException, InterruptedException {
    long deleted = 0;
    long held = 0;
    long overruled = 0;
    for (int round = 1; ; round++) {
      Standing standing = bench.heads().read(name, Map.of(), also, deadline);
      Map<MemberId, Contents> contents = leftovers.contents(standing, deadline);
      Decision decision = bench.decide(standing, contents, deadline).decision();
      bench.overrulings().append(name, decision.overruled(), bench.clock().instant());
      overruled += decision.overruled().size();
      bench.agreements().keep(name, decision.agreed());
      Turn turn = new Turn(standing, decision, approved, deadline);
      turn.run();
      deleted += turn.deleted;
      held = turn.held;
      boolean again = turn.acted || turn.overtaken;
      if (!again || !turn.why.isEmpty() || round == ROUNDS || deadline.over()) {
        return new Done(standing, deleted, held, overruled, turn.left());
      }
    }
  }

  /** The acts of one decision. */
  private final class Turn {
    private final Standing standing;
    private final Decision decision;
    private final long approved;
    private final Deadline deadline;
    private final List<String> why = new ArrayList<>();
    private final List<String> holds = new ArrayList<>();
    private Optional<Agreed> agreed;
    private boolean acted;
    private boolean overtaken;
    private long deleted;
    private long held;

    Turn(Standing standing, Decision decision, long approved, Deadline deadline) {
      this.standing = standing;
      this.decision = decision;
      this.approved = approved;
      this.deadline = deadline;
      this.agreed = decision.agreed();
    }

    void run() throws IOException, InterruptedException {
      for (Act act : decision.acts()) {
        try {
          one(act);
        } catch (SwiftTrouble e) {
          if (e.why() == SwiftTrouble.Why.INTERRUPTED) {
            throw e.interruption();
          }
          why.add(e.getMessage());
        }
        if (overtaken) {
          return;
        }
      }
    }

    List<String> left() {
      List<String> all = new ArrayList<>(why);
      all.addAll(holds);
      if (overtaken) {
        all.add("somebody is changing " + standing.name());
      }
      return all;
    }

    private void one(Act act) throws SwiftTrouble, IOException, InterruptedException {
      Deadline each = deadline.atMost(EACH);
      Swift swift = bench.swift(act.site());
      ContainerName name = standing.name();
      if (!still(act, each)) {
        overtaken = true;
        return;
      }
      switch (act) {
        case Act.Create _, Act.Undelete _, Act.Post _, Act.Delete _ -> {
          boolean _ = Deeds.done(swift, name, act, each);
        }
        case Act.Drain drain -> {
          drained(drain);
          return;
        }
        case Act.Hold hold -> {
          if (!(standing.looks().get(hold.site()) instanceof Look.Unknown)) {
            holds.add("site " + hold.site() + ": " + hold.reason());
          }
          return;
        }
      }
      acted = true;
      agreed = agreed.map(before -> before.after(act));
      bench.agreements().keep(name, agreed);
    }

    /**
     * Whether it is still as it was when that was decided: Swift knows no condition, and would take
     * our word for later than a client's that came between.
     */
    private boolean still(Act act, Deadline each) throws InterruptedException {
      if (act instanceof Act.Drain || act instanceof Act.Hold) {
        return true;
      }
      MemberId site = act.site();
      Look now = Looking.look(bench.swift(site), standing.name(), false, each).look();
      return switch (now) {
        case Look.Seen seen ->
            standing.looks().get(site) instanceof Look.Seen before
                && before.state().equals(seen.state())
                && before.written().equals(seen.written());
        case Look.Absent _ -> standing.looks().get(site) instanceof Look.Absent;
        // Who cannot be asked cannot be written to, and says so.
        case Look.Unknown _ -> true;
      };
    }

    private void drained(Act.Drain drain) throws InterruptedException {
      Leftovers.Drained done = leftovers.drain(standing, drain.site(), approved, deadline);
      deleted += done.deleted();
      held += done.held();
      acted |= done.deleted() > 0;
      if (!done.why().isEmpty()) {
        holds.add(done.why());
      }
    }
  }
}
