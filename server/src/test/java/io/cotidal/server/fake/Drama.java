package io.cotidal.server.fake;

import static io.cotidal.server.fake.Scenes.link;
import static io.cotidal.server.fake.Scenes.member;

import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.engine.ResourceView;
import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Event;
import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.Moment;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.OperationState;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.model.Severity;
import io.cotidal.model.Step;
import io.cotidal.model.StepRecord;
import io.cotidal.model.StepState;
import io.cotidal.model.Wanted;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Three clusters with something to look at: one well, one that loses its primary, one that waits
 * for a person.
 */
final class Drama {
  static final ResourceId BILLING = ResourceId.parse("postgres/billing");
  static final ResourceId SHOP = ResourceId.parse("postgres/shop");

  private static final Details DEATH =
      Details.of("own looks", "refused 3 of 3 (connection refused)")
          .with("b", "receiver gone for 612 ms")
          .with("c", "receiver gone for 608 ms")
          .with("host of a", "process gone");

  private final FakePlane plane;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

  Drama(FakePlane plane) {
    this.plane = plane;
  }

  /** Sets the stage. */
  void begin() {
    plane.show(Scenes.healthy(SHOP));
    log(SHOP, Severity.INFO, "lease-won", 0, "This control plane leads shop, epoch 8.");
    plane.show(Scenes.healthy(Scenes.ORDERS));
    log(Scenes.ORDERS, Severity.INFO, "lease-won", 0, "This control plane leads, epoch 8.");
    plane.put(past());
    log(Scenes.ORDERS, Severity.INFO, "switchover-done", 16, "b handed over to a in 184 ms.");
    billing();
    // More than the page reads of the whole log.
    for (int i = 1; i <= 120; i++) {
      log(BILLING, Severity.INFO, "proposal-seen", 0, "The proposal waits, look " + i + ".");
    }
    copies();
    plane.onCommand(this::answer);
  }

  private void copies() {
    plane.show(
        Scenes.template(
            Scenes.SHOP,
            List.of(
                Scenes.item("copy", "feature-42", "anna", "ready"),
                Scenes.item("copy", "nightly", "ci", "stopped"),
                Scenes.item("generation", "g2", "", "ready"),
                Scenes.item("generation", "g3", "", "ready"),
                Scenes.item("spare", "c19", "", "ready"))));
    plane.onAccess((_, _) ->
        new TreeMap<>(Map.of("url", new Secret("postgresql://app:invented@127.0.0.1:5501/shop"))));
  }

  private static Reply onCopies(Command.Begin begin) {
    return begin.dryRun()
        ? new Reply.Preview(
            List.of(act(begin.type(), "local", begin.type() + " on the host")), List.of())
        : new Reply.Invalid("this template is invented");
  }

  private void billing() {
    Wanted rejoin =
        new Wanted(
            "rejoin", Details.of("member", "c"), "c has no data that fits a's history.", false);
    ResourceView well = Scenes.healthy(BILLING);
    plane.show(
        new ResourceView(
            BILLING,
            Scenes.micros(),
            Mode.PROPOSE,
            true,
            3,
            new Verdict(
                "replica-missing",
                "a takes writes with b alone; c left the history at timeline 3 and cannot follow.",
                Severity.WARNING,
                Details.of("c", "timeline 3 forked at 0/5A00000").with("a", "timeline 4")),
            false,
            List.of(rejoin),
            "A commit is acknowledged once b has it on disk: the loss of one of a, b loses nothing.",
            well.ledger(),
            List.of(
                member("a", "primary", "takes writes", Severity.INFO, true),
                member("b", "replica", "streams from a", Severity.INFO, false),
                member(
                    "c",
                    "unknown",
                    "cannot tell: the server is starting up",
                    Severity.WARNING,
                    false)),
            List.of(
                link("a", "b", "streaming", 40L * 1024 * 1024, false),
                link("a", "c", "missing", null, true)),
            List.of(),
            Map.of(),
            List.of()));
    Operation proposal =
        Scenes.operation(
            new OperationId(BILLING, 4),
            "rejoin",
            Details.of("member", "c"),
            OperationState.PROPOSED,
            Actor.COTIDAL);
    plane.put(proposal);
    log(BILLING, Severity.WARNING, "proposed", 4, "rejoin c is proposed; it destroys c's data.");
  }

  private Operation past() {
    long end = Scenes.micros() - 3_600_000_000L;
    Operation operation =
        Scenes.operation(
            new OperationId(Scenes.ORDERS, 16),
            "switchover",
            Details.of("to", "a"),
            OperationState.RUNNING,
            new Actor("anna"));
    List<StepRecord> rows = Scenes.planned(switchover());
    long at = end - 184_000;
    for (int i = 0; i < rows.size(); i++) {
      StepRecord row = rows.get(i).intended(8, new Moment(0, at));
      at += 36_800;
      operation = operation.with(row.ended(StepState.DONE, Details.NONE, "", new Moment(0, at)));
    }
    Operation done = operation.in(OperationState.DONE, "", new Moment(0, end));
    return new Operation(
        done.id(),
        done.type(),
        1,
        done.input(),
        done.risk(),
        done.state(),
        "Kernel update on b.",
        "",
        done.key(),
        done.basis(),
        done.actor(),
        null,
        null,
        false,
        List.of(),
        end - 190_000,
        0,
        end - 184_000,
        end,
        done.steps());
  }

  private static List<Step> switchover() {
    return List.of(
        act("checkpoint", "b", "write a checkpoint on b"),
        act("stop", "b", "stop b in order"),
        act("await-flush", "a", "wait until a has everything that b wrote"),
        act("promote", "a", "make a the primary").noReturn(),
        act("start", "b", "start b as a replica of a"));
  }

  private static List<Step> failover() {
    return List.of(
        act("cut-off", "b", "cut b off from a and read how far it got"),
        act("cut-off", "c", "cut c off from a and read how far it got"),
        Step.decision(
            "choose",
            "choose c: it has the most of a's history",
            Details.of("c", "0/5A3F1C8, timeline 4").with("b", "0/5A3F1B0, 24 bytes behind c")),
        act("fence", "a", "prove that a acknowledges nothing any more"),
        act("promote", "c", "make c the primary with ANY 1 (b)").noReturn(),
        act("follow", "b", "let b follow c"),
        act("set-quorum", "c", "narrow the quorum list to b"));
  }

  private static Step act(String act, String member, String sentence) {
    return Step.act(act, new MemberId(member), sentence);
  }

  private Reply answer(ResourceId id, Command command) {
    return switch (command) {
      case Command.Begin begin when id.kind().equals("copies") -> onCopies(begin);
      case Command.Begin begin when begin.type().equals("purge") ->
          new Reply.Invalid(
              "purge: " + begin.input().get("member", "") + " is in use; remove it first");
      case Command.Begin begin when begin.dryRun() -> preview(begin.type());
      case Command.Begin begin -> new Reply.Accepted(failOver(id, begin.actor(), 400));
      case Command.Approve approve ->
          new Reply.Accepted(settle(id, approve.number(), OperationState.DONE, approve.actor()));
      case Command.Reject reject ->
          new Reply.Accepted(settle(id, reject.number(), OperationState.CANCELLED, reject.actor()));
      case Command.Cancel cancel ->
          new Reply.Accepted(settle(id, cancel.number(), OperationState.CANCELLED, cancel.actor()));
      case Command.Resume resume -> new Reply.NotFound("operation " + resume.number());
      case Command.Note _, Command.Pause _, Command.Unpause _ -> new Reply.Noted();
      case Command.Resolve resolve -> new Reply.NotFound("operation " + resolve.number());
    };
  }

  private static Reply preview(String type) {
    List<Step> steps = type.equals("failover") ? failover() : switchover();
    return new Reply.Preview(steps.subList(0, 3), steps.subList(3, steps.size()));
  }

  private Operation settle(ResourceId id, long number, OperationState state, Actor actor) {
    Operation operation =
        plane
            .operation(new OperationId(id, number))
            .orElseThrow()
            .in(state, "", new Moment(0, Scenes.micros()))
            .approved(actor, new Moment(0, Scenes.micros()));
    plane.put(operation);
    return operation;
  }

  /**
   * Lets the primary of {@code id} die and be replaced, a step each {@code millis}; 0 stops in the
   * middle.
   */
  Operation failOver(ResourceId id, Actor actor, long millis) {
    die(id);
    Operation operation =
        Scenes.operation(
                new OperationId(id, plane.nextNumber(id)),
                "failover",
                Details.NONE,
                OperationState.RUNNING,
                actor)
            .withSteps(Scenes.planned(failover()));
    plane.put(operation);
    log(
        id,
        Severity.CRITICAL,
        "primary-dead",
        operation.number(),
        "a is gone: refused 3 of 3, b and c lost it too.");
    log(id, Severity.WARNING, "failover-begun", operation.number(), "failover begins.");
    if (millis == 0) {
      middle(operation);
    } else {
      advance(operation.id(), 0, millis);
    }
    return operation;
  }

  /** Some 700 ms into a failover: promote is under way. */
  private void middle(Operation begun) {
    long zero = Scenes.micros() - 720_000;
    long[][] times = {{4, 71}, {4, 88}, {89, 90}, {90, 262}, {263, 0}};
    Operation operation = begun;
    for (int i = 0; i < times.length; i++) {
      StepRecord row =
          operation.steps().get(i).intended(8, new Moment(0, zero + times[i][0] * 1000));
      Details evidence =
          i < 2
              ? Details.of("position", "0/5A3F1" + (i == 0 ? "B0" : "C8")).with("timeline", 4)
              : i == 2 ? row.step().arguments() : Details.of("proof", "process gone");
      operation =
          operation.with(
              times[i][1] == 0
                  ? row
                  : row.ended(
                      StepState.DONE, evidence, "", new Moment(0, zero + times[i][1] * 1000)));
    }
    plane.put(
        new Operation(
            operation.id(),
            operation.type(),
            1,
            operation.input(),
            operation.risk(),
            operation.state(),
            "a, the primary, is gone.",
            "",
            operation.key(),
            operation.basis(),
            operation.actor(),
            null,
            null,
            false,
            operation.locks(),
            zero,
            0,
            zero,
            0,
            operation.steps()));
  }

  private void die(ResourceId id) {
    plane.change(
        id,
        view ->
            new ResourceView(
                id,
                Scenes.micros(),
                view.mode(),
                true,
                8,
                new Verdict(
                    "primary-dead",
                    "a, the primary, is gone; b and c are cut off from it.",
                    Severity.CRITICAL,
                    DEATH),
                false,
                List.of(new Wanted("failover", Details.NONE, "a, the primary, is gone.", true)),
                "No commit is acknowledged until a new primary is there; none that was is lost.",
                view.ledger(),
                List.of(
                    member("a", "primary", "refuses: connection refused", Severity.CRITICAL, false),
                    member("b", "replica", "cut off at 0/5A3F1B0", Severity.WARNING, false),
                    member("c", "replica", "cut off at 0/5A3F1C8", Severity.WARNING, false)),
                List.of(
                    link("a", "b", "broken", null, false),
                    link("a", "c", "broken", null, false),
                    link("c", "b", "missing", null, true)),
                view.operations(),
                Map.of(),
                List.of()));
  }

  private void advance(OperationId id, int index, long millis) {
    Operation operation = plane.operation(id).orElseThrow();
    Moment now = new Moment(0, Scenes.micros());
    if (index > 0) {
      StepRecord before = operation.steps().get(index - 1);
      operation = operation.with(before.ended(StepState.DONE, Details.of("epoch", 8), "", now));
    }
    if (index == operation.steps().size()) {
      plane.put(operation.in(OperationState.DONE, "", now));
      recover(id);
      return;
    }
    plane.put(operation.with(operation.steps().get(index).intended(8, now)));
    ScheduledFuture<?> next =
        clock.schedule(() -> advance(id, index + 1, millis), millis, TimeUnit.MILLISECONDS);
    if (next.isCancelled()) {
      throw new IllegalStateException("the clock has stopped");
    }
  }

  private void recover(OperationId id) {
    plane.change(
        id.resource(),
        view ->
            Scenes.with(
                view,
                Scenes.verdict(
                    "degraded", "c is primary, b streams from it; a is down.", Severity.WARNING),
                List.of(
                    member("a", "unknown", "refuses: connection refused", Severity.CRITICAL, false),
                    member("b", "replica", "streams from c", Severity.INFO, false),
                    member("c", "primary", "takes writes", Severity.INFO, true)),
                List.of(
                    link("c", "b", "streaming", 0L, false),
                    link("c", "a", "missing", null, true))));
    log(
        id.resource(),
        Severity.INFO,
        "failover-done",
        id.number(),
        "c is primary; no acknowledged commit is lost.");
  }

  private void log(ResourceId id, Severity severity, String code, long operation, String text) {
    plane.log(
        new Event(
            id, Scenes.micros(), severity, code, operation, Actor.COTIDAL, text, Details.NONE));
  }
}
