package io.cotidal.app;

import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.engine.ResourceView;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Severity;
import io.cotidal.model.Wanted;
import io.cotidal.runtime.ControlPlane;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Waits until a control plane has come to rest: nothing is being done, and nothing more is begun by
 * itself. Then says what was done, and what it comes to.
 */
final class FeedPass {
  /** Between two plans there are looks; who is silent for so long has no further plan. */
  private static final Duration QUIET = Duration.ofSeconds(2);

  /** For how long a store may be somebody else's. */
  private static final Duration ELECTION = Duration.ofSeconds(10);

  private static final int MOST = 500;

  /** Some member has not been looked at, or cannot be. */
  private static final String UNCLEAR = "unclear";

  /** All is in force. */
  private static final String HEALTHY = "healthy";

  private final ControlPlane control;
  private final List<ResourceId> resources;
  private final Duration look;
  private final long begunMicros;

  /**
   * A pass that begins now.
   *
   * @param look how long the first look at a member may take
   */
  FeedPass(ControlPlane control, List<ResourceId> resources, Duration look) {
    this.control = control;
    this.resources = List.copyOf(resources);
    this.look = look;
    this.begunMicros = System.currentTimeMillis() * 1_000;
  }

  /** Waits, {@code limit} at most; whether all has come to rest. */
  boolean await(Duration limit) throws InterruptedException {
    Semaphore told = new Semaphore(0);
    try (Quiet _ = Quiet.of(control.subscribe(change -> told.release()))) {
      long begun = System.nanoTime();
      long since = begun;
      String before = "";
      while (true) {
        long now = System.nanoTime();
        List<ResourceView> views = views();
        String state = views.stream().map(FeedPass::state).collect(Collectors.joining("\n"));
        if (!state.equals(before)) {
          before = state;
          since = now;
        }
        long rest = patience(views).toNanos() - (now - since);
        if (rest <= 0 && views.stream().noneMatch(FeedPass::busy)) {
          return true;
        }
        long left = limit.toNanos() - (now - begun);
        if (left <= 0) {
          return false;
        }
        long pause = Math.min(left, rest <= 0 ? QUIET.toNanos() : rest);
        boolean _ = told.tryAcquire(pause, TimeUnit.NANOSECONDS);
        told.drainPermits();
      }
    }
  }

  /** A subscription that ends without fail. */
  private interface Quiet extends AutoCloseable {
    static Quiet of(AutoCloseable subscription) {
      return () -> {
        try {
          subscription.close();
        } catch (Exception e) {
          throw new IllegalStateException("a subscription ends without fail", e);
        }
      };
    }

    @Override
    void close();
  }

  private List<ResourceView> views() {
    return resources.stream().flatMap(id -> control.resource(id).stream()).toList();
  }

  private static String state(ResourceView view) {
    return view.leading()
        + view.diagnosis().code()
        + view.diagnosis().sentence()
        + view.wanted()
        + view.operations().stream().map(each -> each.id() + " " + each.state()).toList();
  }

  private static boolean busy(ResourceView view) {
    return view.operations().stream()
        .map(Operation::state)
        .anyMatch(state -> state.underWay() || state == OperationState.QUEUED);
  }

  private Duration patience(List<ResourceView> views) {
    if (views.stream().anyMatch(view -> !view.leading())) {
      return ELECTION;
    }
    boolean unclear = views.stream().anyMatch(view -> view.diagnosis().code().equals(UNCLEAR));
    return unclear ? look : QUIET;
  }

  /** Says what was done, and answers for it. */
  ExitCode tell(PrintStream out) {
    ExitCode worst = ExitCode.OK;
    for (ResourceView view : views()) {
      List<Operation> done = control.operations(view.id(), MOST);
      done.reversed().stream()
          .filter(each -> each.startedMicros() >= begunMicros || !each.state().ended())
          .forEach(each -> out.println(line(each)));
      out.println(view.id() + ": " + view.diagnosis().sentence());
      ExitCode one = verdict(view);
      if (one == ExitCode.ATTENTION) {
        view.wanted().forEach(each -> out.println(view.id() + " waits: " + line(view, each)));
      }
      if (!view.leading()) {
        control.health().problems().forEach(out::println);
      }
      worst = worst == ExitCode.FAILED || one == ExitCode.OK ? worst : one;
    }
    return worst;
  }

  private static String line(Operation operation) {
    String note = operation.note().isEmpty() ? "" : "; " + operation.note();
    return operation.id()
        + " "
        + operation.type()
        + " "
        + operation.state().name().toLowerCase(Locale.ROOT)
        + ": "
        + operation.reason()
        + note;
  }

  private static String line(ResourceView view, Wanted wanted) {
    return wanted.type()
        + " ("
        + view.mode().name().toLowerCase(Locale.ROOT)
        + "): "
        + wanted.reason();
  }

  private static ExitCode verdict(ResourceView view) {
    if (!view.leading() || view.diagnosis().severity() != Severity.INFO) {
      return ExitCode.FAILED;
    }
    boolean waits =
        view.operations().stream()
            .map(Operation::state)
            .anyMatch(
                state -> state == OperationState.ATTENTION || state == OperationState.PROPOSED);
    boolean whole = view.wanted().isEmpty() && view.diagnosis().code().equals(HEALTHY);
    return waits || !whole ? ExitCode.ATTENTION : ExitCode.OK;
  }
}
