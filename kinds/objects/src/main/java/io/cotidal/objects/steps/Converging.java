package io.cotidal.objects.steps;

import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Progress;
import io.cotidal.objects.mover.ContainerPass;
import io.cotidal.objects.mover.Need;
import io.cotidal.objects.mover.PassReport;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.plan.Acts;
import io.cotidal.remote.ActFailed;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Makes a container the same at all its sites: first the container, then what is in it. */
final class Converging {
  /**
   * A pass that began where another one had stopped, or lacked segments, is followed by one more.
   */
  private static final int PASSES = 3;

  /** So long another container's turn is waited for. */
  private static final Duration OTHERS = Duration.ofMinutes(1);

  private final Bench bench;
  private final StateActs states;

  Converging(Bench bench, StateActs states) {
    this.bench = bench;
    this.states = states;
  }

  /**
   * What is wanted.
   *
   * @param approved so many deletions somebody has agreed to; 0 if nobody has
   */
  record Order(ContainerName name, long approved, Consumer<Progress> progress, Deadline deadline) {}

  /** Whether it is the same now, and what was done for that. */
  record Done(boolean equal, Details evidence) {}

  Done converge(Order order) throws ActFailed, InterruptedException {
    Account account = new Account(order);
    try {
      account.container(order.name(), Set.of(), new TreeSet<>());
    } catch (IOException e) {
      throw ActFailed.because(e);
    }
    return account.done();
  }

  /** One act. */
  private final class Account {
    private final Order order;
    private final List<String> why = new ArrayList<>();
    private long copied;
    private long bytes;
    private long deleted;
    private long overruled;
    private long held;
    private boolean equal = true;

    Account(Order order) {
      this.order = order;
    }

    /**
     * @param also sites where it is to be beside those that rules say
     * @param before containers that were seen to for this one
     */
    void container(ContainerName name, Set<MemberId> also, Set<ContainerName> before)
        throws IOException, InterruptedException {
      Deadline wait = before.isEmpty() ? order.deadline() : order.deadline().atMost(OTHERS);
      Optional<Turns.Turn> turn = bench.turns().enter(name, wait);
      if (turn.isEmpty()) {
        left(name + " is being worked on");
        return;
      }
      before.add(name);
      try (Turns.Turn _ = turn.get()) {
        inside(name, also, before);
      }
    }

    private void inside(ContainerName name, Set<MemberId> also, Set<ContainerName> before)
        throws IOException, InterruptedException {
      StateActs.Done state = states.converge(name, also, order.approved(), order.deadline());
      deleted += state.deleted();
      held += state.held();
      overruled += state.overruled();
      state.why().forEach(this::left);
      Standing standing = state.standing();
      if (standing.unread().size() == standing.sites().size()) {
        standing.unread().forEach(site -> left(standing.reason(site)));
        return;
      }
      if (standing.present().isEmpty()) {
        forget(standing);
        return;
      }
      // Nothing is copied where the container is still to be made, and from a copy that is to go.
      if (standing.absent().isEmpty() && standing.present().size() > 1) {
        passes(standing, before);
      }
    }

    private void passes(Standing standing, Set<ContainerName> before)
        throws IOException, InterruptedException {
      for (int pass = 1; ; pass++) {
        long did = copied + deleted;
        PassReport report =
            ContainerPass.of(bench.order(standing))
                .converge(order.approved(), (_, so) -> tell(so), order.deadline());
        add(report);
        boolean brought = pass < PASSES && segments(report.needs(), before);
        boolean once = pass == 1 && report.ended() && report.held() == 0;
        boolean further = brought || once || copied + deleted > did;
        if (report.equal() || pass == PASSES || !further || order.deadline().over()) {
          judge(report);
          return;
        }
      }
    }

    private void judge(PassReport report) {
      held += report.held();
      if (!report.equal()) {
        equal = false;
        why.addAll(report.why());
      }
    }

    /** Containers with segments, before the objects that are made of them. */
    private boolean segments(List<Need> needs, Set<ContainerName> before)
        throws IOException, InterruptedException {
      TreeMap<ContainerName, Set<MemberId>> wanted = new TreeMap<>();
      needs.forEach(
          need -> wanted.computeIfAbsent(need.container(), _ -> new TreeSet<>()).add(need.site()));
      boolean any = false;
      for (var each : wanted.entrySet()) {
        if (!before.contains(each.getKey())) {
          container(each.getKey(), each.getValue(), before);
          any = true;
        }
      }
      return any;
    }

    private void tell(PassReport so) {
      order
          .progress()
          .accept(new Progress(copied + deleted + so.copied() + so.deleted(), 0, "objects"));
    }

    private void add(PassReport report) {
      copied += report.copied();
      bytes += report.bytes();
      deleted += report.deleted();
      overruled += report.overruled();
    }

    private void left(String line) {
      equal = false;
      why.add(line);
    }

    Done done() {
      String line =
          why.isEmpty()
              ? "it is not the same yet: the next comparison tells"
              : Leftovers.joined(why);
      Details evidence =
          Details.of(Acts.OUTCOME, equal ? Acts.EQUAL : Acts.LEFT)
              .with(Acts.WHY, equal ? "" : line)
              .with(Acts.COPIED, copied)
              .with(Acts.BYTES, bytes)
              .with(Acts.DELETED, deleted)
              .with(Acts.OVERRULED, overruled)
              .with(Acts.HELD, held);
      return new Done(equal, evidence);
    }
  }

  /** What was agreed of the objects goes when the container is gone from all sites. */
  private void forget(Standing standing) throws IOException {
    Path book = Layout.book(bench.spec(), standing.name());
    if (standing.unread().isEmpty() && Files.isDirectory(book)) {
      Durable.empty(book);
      Durable.delete(book);
    }
  }
}
