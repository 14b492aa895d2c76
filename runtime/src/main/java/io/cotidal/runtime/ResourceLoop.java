package io.cotidal.runtime;

import io.cotidal.engine.Command;
import io.cotidal.engine.Driver;
import io.cotidal.engine.Effect;
import io.cotidal.engine.Input;
import io.cotidal.engine.Reply;
import io.cotidal.engine.ResourceView;
import io.cotidal.engine.State;
import io.cotidal.engine.Store;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Moment;
import io.cotidal.model.Report;
import io.cotidal.model.ResourceId;
import io.cotidal.model.SourceAnswer;
import io.cotidal.model.Spec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one resource: one virtual thread owns its engine, hands it what is in the mailbox, and
 * carries out what it wants. Its methods are thread-safe and return at once. A fault of the engine
 * stops this resource and no other.
 */
final class ResourceLoop<S extends Spec, F> {
  private static final Logger log = LoggerFactory.getLogger(ResourceLoop.class);

  /** From how many waiting messages on superseded ones are thrown away. */
  private static final int CROWD = 64;

  /** How long to wait before the store is read again because it knows a newer epoch. */
  private static final long DOUBT = 200 * Moment.MILLI;

  /** Who wants to know what a loop does. Called on the loop's thread; must not block. */
  interface Listener {

    /** What {@link #view} answers has changed. */
    void updated(ResourceId id, long version);

    /** Events have been logged. */
    void logged();

    /** Who of the resource is gone has changed. */
    void departed(ResourceId id, State<?> state);
  }

  /**
   * What all loops share.
   *
   * @param valid whether this daemon may act at this very moment
   */
  record World(Clock clock, Store store, Listener listener, BooleanSupplier valid) {}

  private final ResourceId id;
  private final World world;
  private final Brain<S, F> brain;
  private final Hands<S, F> hands;
  private final Journal<S, F> journal;
  private final Display display;
  private final Waiters waiters;
  private final Mailbox<Message<S, F>> mailbox = new Mailbox<>(CROWD, Message::supersedes);
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile long turnedAt;
  private volatile @Nullable String fault;
  private volatile State<F> known;

  // Everything below belongs to the loop's thread.
  private final Lease<S, F> lease;
  private int calls;
  private int batches;
  private @Nullable CompletableFuture<Void> draining;
  private boolean published;

  /** As was last told; null as long as store and source have not both said who is. */
  private @Nullable Set<MemberId> gone;

  private final List<Effect.Answer> replies = new ArrayList<>();
  private Clock.Alarm wake = () -> {};

  ResourceLoop(ResourceId id, Brain<S, F> brain, Driver<F> driver, World world) {
    this.id = id;
    this.brain = brain;
    this.world = world;
    this.waiters = new Waiters(id.toString());
    this.hands = new Hands<>(id, driver, world.clock(), this::post);
    this.journal = new Journal<>(id, world.store(), world.clock(), mailbox::put);
    this.lease = new Lease<>(journal, this::take);
    this.display = new Display(id, world, brain::view, () -> mailbox.put(new Message.Show<>()));
    this.known = brain.state();
    this.turnedAt = world.clock().now().nanos();
  }

  /** Begins to turn; the engine's first input is a tick. */
  void start() {
    Thread.ofVirtual().name("loop " + id).start(this::run);
    post(new Input.Tick<>(), Message.Owed.NOTHING);
  }

  ResourceId id() {
    return id;
  }

  /** As last shown. */
  ResourceView view() {
    return display.view();
  }

  /** This daemon may act. */
  void won() {
    mailbox.put(new Message.Won<>());
  }

  /** It may not; {@code reason} is one sentence. */
  void lost(String reason) {
    mailbox.put(new Message.Lost<>(reason));
  }

  /** Answers a question by what is known now; blocks. See {@link Driver#read}. */
  Report read(String question, Details input) {
    return hands.read(question, input, known.at(world.clock().now()));
  }

  /** Another daemon leads: show what it has written. */
  void follow() {
    if (fault == null) {
      journal.follow();
    }
  }

  /** The source of members answered. */
  void heard(SourceAnswer answer) {
    post(new Input.SourceAnswered<>(answer), Message.Owed.NOTHING);
  }

  /** Too many members of too many resources are gone, in one sentence; empty if that is over. */
  void suspected(String why) {
    post(new Input.Suspected<>(why), Message.Owed.NOTHING);
  }

  CompletableFuture<Reply> command(Command command) {
    return waiters.await(key -> post(new Input.Commanded<>(key, command), Message.Owed.NOTHING));
  }

  /**
   * Begins nothing more on real members; what is under way goes on.
   *
   * @return done when nothing is under way any more and the journal says so
   */
  CompletableFuture<Void> drain() {
    CompletableFuture<Void> drained = new CompletableFuture<>();
    mailbox.put(new Message.Drain<>(drained));
    return drained;
  }

  /**
   * Ends a drain: what it kept from beginning is found out anew from the store, as by a new owner.
   */
  void goOn() {
    mailbox.put(new Message.GoOn<>());
  }

  /**
   * Ends the loop. Whoever still waits for a reply is told that the daemon stops.
   *
   * @return done when the loop's thread is about to end
   */
  CompletableFuture<Void> stop() {
    mailbox.put(new Message.Stop<>());
    return ended;
  }

  /** How long ago the loop took an input. */
  Duration sinceTurn() {
    return Duration.ofNanos(world.clock().now().nanos() - turnedAt);
  }

  /** The internal fault that has stopped this resource; null if none has. */
  @Nullable String fault() {
    return fault;
  }

  /** What is wrong, one sentence each. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (!journal.problem().isEmpty()) {
      problems.add(id + ": the store " + journal.problem() + "; see its log");
    }
    if (!display.problem().isEmpty()) {
      problems.add(id + ": cannot be shown (" + display.problem() + "); a bug, see the log");
    }
    if (fault != null) {
      problems.add(id + ": left alone after an internal fault (" + fault + "); restart the daemon");
    }
    return problems;
  }

  private void post(Input<S, F> input, Message.Owed owed) {
    mailbox.put(new Message.Take<>(input, owed));
  }

  private void run() {
    boolean on = true;
    while (on) {
      Message<S, F> message = mailbox.take();
      try {
        on = handle(message);
      } catch (RuntimeException | Error e) {
        fail(e);
      }
    }
    waiters.end();
    ended.complete(null);
  }

  /** Whether to go on. */
  private boolean handle(Message<S, F> message) {
    switch (message) {
      case Message.Take<S, F> take -> {
        settle(take.owed());
        lease.heed(world.valid().getAsBoolean());
        take(take.input());
      }
      case Message.Won<S, F> won -> lease.won();
      case Message.Lost<S, F> lost -> lease.lost(lost.reason());
      case Message.Doubt<S, F> doubt -> lease.doubted(doubt.reason());
      case Message.Loaded<S, F> loaded -> lease.loaded(loaded);
      case Message.Show<S, F> show -> display.show();
      case Message.Drain<S, F> drain -> {
        CompletableFuture<Void> before = draining;
        draining = drain.done();
        if (before != null) {
          var _ = draining.thenRun(() -> before.complete(null));
        }
      }
      case Message.GoOn<S, F> on -> {
        draining = null;
        lease.doubted("what was put off is taken up again");
      }
      case Message.Stop<S, F> stop -> {
        hands.stopObserving();
        wake.cancel();
        display.show();
        return false;
      }
    }
    if (batches == 0) {
      lease.quiet();
    }
    if (draining != null && calls == 0 && batches == 0) {
      draining.complete(null);
    }
    return true;
  }

  private void settle(Message.Owed owed) {
    switch (owed) {
      case NOTHING -> {}
      case CALL -> calls--;
      case BATCH -> batches--;
    }
  }

  private void take(Input<S, F> input) {
    Moment now = world.clock().now();
    turnedAt = now.nanos();
    if (fault != null) {
      if (input instanceof Input.Commanded<S, F> commanded) {
        waiters.reply(commanded.id(), faulty());
      }
      return;
    }
    brain.on(input, now).forEach(this::perform);
    roll();
    display.changed(published || !replies.isEmpty());
    tell();
  }

  private void roll() {
    State<F> state = brain.state();
    known = state;
    Set<MemberId> departed = state.departed().members().keySet();
    boolean told = state.epoch() > 0 && !state.source().awaited();
    if (told && !departed.equals(gone)) {
      gone = Set.copyOf(departed);
      world.listener().departed(id, state);
    }
  }

  private void perform(Effect effect) {
    switch (effect) {
      case Effect.Observe observe -> hands.observe(observe);
      case Effect.StopObserving stop -> hands.stopObserving(stop.member());
      case Effect.Commit commit -> {
        batches++;
        journal.commit(commit.batch());
      }
      case Effect.ReadBack back -> {
        batches++;
        journal.readBack(back.batch());
      }
      case Effect.StampMember stamp -> begin(() -> hands.stamp(stamp));
      case Effect.Act act -> begin(() -> hands.act(act));
      case Effect.Inspect inspect -> begin(() -> hands.inspect(inspect));
      case Effect.Abort abort -> hands.abort(abort);
      case Effect.Heartbeat heartbeat -> {
        if (draining == null) {
          hands.heartbeat(heartbeat);
        }
      }
      case Effect.Publish event -> published = true;
      case Effect.Answer answer -> replies.add(answer);
      case Effect.Reload reload -> mailbox.put(new Message.Doubt<>("the epoch was raised"));
      case Effect.CheckLease check ->
          // Not at once: a store that goes on refusing must not make the loop spin.
          world
              .clock()
              .at(
                  world.clock().now().nanos() + DOUBT,
                  () -> mailbox.put(new Message.Doubt<>(check.reason())));
      case Effect.Wake at -> {
        wake.cancel();
        wake = world.clock().at(at.nanos(), () -> post(new Input.Tick<>(), Message.Owed.NOTHING));
      }
    }
  }

  /**
   * A daemon that stops begins no act: its intent is in the journal, and the next owner inspects
   * first.
   */
  private void begin(Runnable call) {
    if (draining == null) {
      calls++;
      call.run();
    }
  }

  /** After it is shown, so that whoever hears of a change can see it. */
  private void tell() {
    if (published) {
      published = false;
      world.listener().logged();
    }
    replies.forEach(answer -> waiters.reply(answer.command(), answer.reply()));
    replies.clear();
  }

  private void fail(Throwable cause) {
    log.error(
        "event=engine-broken resource={} left alone until the daemon is restarted", id, cause);
    fault = Failures.sentence(cause);
    hands.stopObserving();
    wake.cancel();
    replies.clear();
    waiters.replyAll(faulty());
  }

  private Reply faulty() {
    return new Reply.NotLeading(
        id + " is left alone after an internal fault (" + fault + "); restart the daemon");
  }
}
