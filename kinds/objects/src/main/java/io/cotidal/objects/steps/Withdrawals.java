package io.cotidal.objects.steps;

import io.cotidal.model.MemberId;
import io.cotidal.model.Progress;
import io.cotidal.objects.mover.WithdrawOrder;
import io.cotidal.objects.mover.Withdrawing;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.placement.Rules;
import io.cotidal.objects.state.Agreed;
import io.cotidal.objects.state.ContainerState;
import io.cotidal.objects.state.Look;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Gives up a container at a site that its rules do not name: its objects first, then itself. */
final class Withdrawals {
  private static final Duration EACH = Duration.ofSeconds(30);

  private final Bench bench;

  Withdrawals(Bench bench) {
    this.bench = bench;
  }

  /**
   * What is wanted.
   *
   * @param site that gives its copy up
   * @param approved so many objects may go
   */
  record Order(
      ContainerName name,
      MemberId site,
      long approved,
      Consumer<Progress> progress,
      Deadline deadline) {}

  /**
   * How it ended.
   *
   * @param objects that are gone there
   * @param why it is not done, in one line; empty if it is
   */
  record Done(long objects, String why) {}

  Done withdraw(Order order) throws IOException, InterruptedException {
    Optional<Turns.Turn> turn = bench.turns().enter(order.name(), order.deadline());
    if (turn.isEmpty()) {
      return new Done(0, order.name() + " is being worked on");
    }
    try (Turns.Turn _ = turn.get()) {
      Standing standing = read(order);
      String refused = refused(bench, standing, order.site(), order.deadline());
      return refused.isEmpty() ? emptied(order, standing) : new Done(0, refused);
    }
  }

  private Standing read(Order order) throws IOException, InterruptedException {
    return bench.heads().read(order.name(), Map.of(), Set.of(), order.deadline());
  }

  private Done emptied(Order order, Standing standing) throws IOException, InterruptedException {
    WithdrawOrder what =
        new WithdrawOrder(
            bench.order(standing), standing.sites().indexOf(order.site()), order.approved());
    WithdrawOrder.Report report =
        Withdrawing.of(what)
            .run(
                () -> refused(bench, read(order), order.site(), order.deadline()),
                gone -> order.progress().accept(new Progress(gone, order.approved(), "objects")),
                order.deadline());
    String why = report.whole() ? deleted(order) : report.why();
    return new Done(report.withdrawn(), why);
  }

  /** The container itself. The site refuses it if somebody has written there meanwhile. */
  private String deleted(Order order) throws IOException, InterruptedException {
    Optional<Agreed> before = bench.agreements().of(order.name());
    bench.agreements().keep(order.name(), before.map(agreed -> agreed.without(order.site())));
    try {
      boolean _ =
          bench
              .swift(order.site())
              .containers()
              .delete(order.name(), order.deadline().atMost(EACH));
      return "";
    } catch (SwiftTrouble e) {
      return switch (e.why()) {
        case INTERRUPTED -> throw e.interruption();
        case CONFLICT -> {
          bench.agreements().keep(order.name(), before);
          yield "somebody wrote to it at " + order.site() + ": the next comparison carries that on";
        }
        case UNREACHABLE, REFUSED, MISSING, BUSY, REJECTED, BROKEN, SOURCE -> e.getMessage();
      };
    }
  }

  /**
   * Why a site does not give a container up now.
   *
   * @return in one line; empty if it may
   */
  static String refused(Bench bench, Standing standing, MemberId site, Deadline deadline)
      throws IOException, InterruptedException {
    if (standing.placed().contains(site)) {
      return "the rules name " + site;
    }
    if (!(standing.looks().get(site) instanceof Look.Seen seen)) {
      return site + " does not have it, or cannot be read";
    }
    if (!standing.present().containsAll(standing.placed())) {
      return "it is not at every site of the rules, or one cannot be read";
    }
    if (versions(seen.state())) {
      return "it keeps versions, and those are not given up: it stays, or is taken away by hand";
    }
    return whole(bench, standing.name(), site, deadline);
  }

  private static boolean versions(ContainerState state) {
    return state.versioned() || state.archived();
  }

  /** Parts stay as long as what is made of them does. */
  private static String whole(Bench bench, ContainerName name, MemberId site, Deadline deadline)
      throws IOException, InterruptedException {
    Optional<ContainerName> whole = Rules.whole(name);
    if (whole.isEmpty() || bench.heads().at(whole.get(), site, deadline) instanceof Look.Absent) {
      return "";
    }
    return "parts of large objects in " + whole.get() + " lie here, which " + site + " has still";
  }
}
