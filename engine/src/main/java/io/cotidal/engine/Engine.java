package io.cotidal.engine;

import io.cotidal.model.Moment;
import io.cotidal.model.Outcome;
import io.cotidal.model.Spec;
import io.cotidal.model.Stamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One resource's engine: takes inputs, answers effects, and never does anything itself.
 *
 * <p>Memory is what committed rows add up to, plus the latest observations. At most one batch is on
 * its way to the store; whatever arrives meanwhile waits, and everything that depends on the batch
 * is told to the outside only when the batch is durable. Not thread-safe; one owner calls it.
 *
 * @param <S> the kind's spec
 * @param <F> the kind's facts
 */
public final class Engine<S extends Spec, F> {
  private final Kind<S, F> kind;
  private final Operations<S, F> operations;
  private final Admission<S, F> admission;
  private final Commands<S, F> commands;
  private final Consequences<S, F> consequences;
  private final Knowledge<S, F> known;
  private final Commits commits;
  private final Leadership leadership = new Leadership();
  private final Cadence cadence = new Cadence();
  private final Inbox<S, F> inbox;
  private final Heartbeats<S, F> heartbeats;
  private final Pauses pauses = new Pauses();

  private List<Effect> effects = new ArrayList<>();
  private boolean takeOver;
  private long ticked;

  /**
   * An engine that knows nothing yet. Its first input should be a {@link Input.Tick}.
   *
   * @param spec with the members of the configuration
   */
  public Engine(Kind<S, F> kind, S spec, Moment now) {
    this(kind, spec, State.empty(now, spec.members()));
  }

  /** The same for a resource whose members a source will name. */
  public static <S extends Spec, F> Engine<S, F> discovering(Kind<S, F> kind, S spec, Moment now) {
    State<F> unheard = State.empty(now, spec.members());
    return new Engine<>(kind, spec, unheard.with(SourceHealth.AWAITED));
  }

  private Engine(Kind<S, F> kind, S spec, State<F> state) {
    this.kind = kind;
    this.operations = new Operations<>(kind);
    this.ticked = state.now().nanos();
    Looks<S, F> looks = new Looks<>(kind);
    this.known = new Knowledge<>(kind, spec, state, looks);
    this.admission = new Admission<>(kind, operations, looks);
    this.commands = new Commands<>(kind, operations, admission);
    this.consequences = new Consequences<>(kind, operations, admission);
    this.inbox = new Inbox<>(operations, commands);
    this.heartbeats = new Heartbeats<>(kind);
    this.commits = new Commits(spec.id());
  }

  /** Takes one input and says what is to be done now, in this order. */
  public List<Effect> on(Input<S, F> input, Moment now) {
    effects = new ArrayList<>();
    known.at(now);
    absorb(input);
    pauses.follow(state());
    boolean following = leadership.phase() == Leadership.Phase.FOLLOWING;
    cadence.adjust(state(), spec(), following, effects);
    if (commits.free(now.nanos())) {
      advance();
    }
    if (leadership.leading()) {
      heartbeats.due(spec(), state()).ifPresent(effects::add);
    }
    effects.add(new Effect.Wake(nextWake()));
    return effects;
  }

  /** What is known. Immutable; may be read by anybody. */
  public State<F> state() {
    return known.state();
  }

  /** The spec in force. */
  public S spec() {
    return known.spec();
  }

  private void absorb(Input<S, F> input) {
    switch (input) {
      case Input.Observed<S, F> seen -> known.observed(seen);
      case Input.Committed<S, F> committed -> committed(committed.batch());
      case Input.CommitRefused<S, F> refused -> refused(refused.batch());
      case Input.CommitFailed<S, F> failed -> failed(failed.batch());
      case Input.CommitUnknown<S, F> unknown -> {
        if (commits.awaits(unknown.batch())) {
          effects.add(new Effect.ReadBack(unknown.batch()));
        }
      }
      case Input.StepResult<S, F> result -> {
        acted(result.operation(), result.sequence());
        inbox.add(result);
      }
      case Input.Inspected<S, F> inspected -> {
        acted(inspected.operation(), inspected.sequence());
        inbox.add(inspected);
      }
      case Input.Progressed<S, F> made -> inbox.progressed(made);
      case Input.Stamped<S, F> stamped -> stamped(stamped);
      case Input.Commanded<S, F> commanded -> commanded(commanded);
      case Input.SpecChanged<S, F> changed -> known.respecify(changed.spec());
      case Input.SourceAnswered<S, F> answered -> known.answered(answered.answer());
      case Input.Suspected<S, F> suspected -> known.suspected(suspected.why());
      case Input.LeaseWon<S, F> won -> won(won.snapshot());
      case Input.LeaseLost<S, F> lost -> lose(lost.reason());
      case Input.Followed<S, F> followed -> {
        if (leadership.phase() == Leadership.Phase.FOLLOWING) {
          known.loaded(followed.snapshot());
        }
      }
      case Input.Tick<S, F> tick -> {
        ticked = state().now().nanos();
        if (!consequences.quiet()) {
          known.reconsider();
        }
      }
    }
  }

  private void acted(long number, int sequence) {
    known.acted(number, sequence).ifPresent(cadence::lookAgain);
  }

  // The lease and the epoch.

  private void won(Snapshot snapshot) {
    boolean ours =
        leadership.phase() == Leadership.Phase.LOADING && snapshot.epoch() == state().epoch();
    if (!ours) {
      // Who still waits for a reply from an earlier leading must hear that it is over.
      lose("the election was won anew: ask again");
    }
    known.loaded(snapshot);
    admission.numbersFrom(snapshot.lastNumber());
    commits.drop();
    inbox.forget();
    operations.forget();
    takeOver = true;
    if (ours) {
      leadership.loaded(state().now());
    } else {
      leadership.claim(state().now(), 0);
      cadence.forget();
    }
  }

  private void lose(String reason) {
    if (leadership.phase() == Leadership.Phase.FOLLOWING) {
      return;
    }
    leadership.lose();
    Reply lost = new Reply.NotLeading(reason);
    Commits.Pending dropped = commits.drop();
    if (dropped != null) {
      dropped.replies().keySet().forEach(id -> answer(id, lost));
    }
    inbox.empty().forEach(id -> answer(id, lost));
    operations.forget();
    known.leadsNoMore();
  }

  private void stamped(Input.Stamped<S, F> answer) {
    MemberState<F> member = state().member(answer.member());
    if (member == null || answer.epoch() != state().epoch()) {
      return;
    }
    boolean done = answer.outcome() instanceof Outcome.Done;
    leadership.answered(answer.member(), state().now(), done);
    if (done) {
      known.stamped(member);
    } else if (answer.outcome() instanceof Outcome.Refused refused) {
      overtaken(refused.newer());
    }
  }

  /** A member follows a newer epoch than ours: claim one above it if the election still stands. */
  private void overtaken(Stamp newer) {
    if (newer.epoch() <= state().epoch() || !leadership.underEpoch()) {
      return;
    }
    known.leadsNoMore();
    operations.forget();
    leadership.claim(state().now(), newer.epoch());
    cadence.forget();
    takeOver = true;
  }

  // The store's answers.

  private void committed(String batch) {
    Commits.Pending done = commits.arrived(batch);
    if (done == null) {
      return;
    }
    known.committed(done.rows());
    if (leadership.phase() == Leadership.Phase.RAISING) {
      leadership.raised();
      effects.add(new Effect.Reload());
    }
    boolean acts = leadership.leading();
    done.after().stream()
        .filter(effect -> acts || effect instanceof Effect.Publish)
        .forEach(effects::add);
    done.replies().forEach(this::answer);
  }

  private void refused(String batch) {
    if (commits.awaits(batch)) {
      String reason = "the store knows a newer epoch than " + state().epoch();
      lose(reason);
      effects.add(new Effect.CheckLease(reason));
    }
  }

  private void failed(String batch) {
    Commits.Pending lost = commits.arrived(batch);
    if (lost == null) {
      return;
    }
    commits.pause(state().now().nanos());
    lost.replies()
        .keySet()
        .forEach(id -> answer(id, new Reply.StoreFailed("the store did not take it: try again")));
    if (leadership.phase() == Leadership.Phase.RAISING) {
      leadership.notRaised(state().now());
    }
    consequences.forgetLogged();
    // What the batch would have recorded is found out anew, as by another owner.
    operations.forget();
    takeOver = true;
    known.reconsider();
  }

  private void commanded(Input.Commanded<S, F> commanded) {
    boolean dryRun = commanded.command() instanceof Command.Begin begin && begin.dryRun();
    if (leadership.leading() && !dryRun) {
      inbox.add(commanded);
    } else if (dryRun) {
      answer(commanded.id(), commands.on(known.turn(), spec(), commanded.command()));
    } else {
      answer(
          commanded.id(),
          new Reply.NotLeading("this control plane does not lead " + spec().id() + " now"));
    }
  }

  private void answer(String command, Reply reply) {
    effects.add(new Effect.Answer(command, reply));
  }

  // Going on.

  private void advance() {
    switch (leadership.phase()) {
      case FOLLOWING, RAISING, LOADING -> {}
      case CLAIMING -> {
        if (leadership.looked(state(), spec())) {
          Turn<F> turn = known.turn();
          turn.row(leadership.raise(state()));
          effects.add(commits.send(state(), turn, Map.of()));
        }
      }
      case STAMPING -> {
        leadership.stamp(state(), spec(), effects);
        if (leadership.stamped(state(), spec())) {
          leadership.lead();
          known.leads();
          lead();
        }
      }
      case LEADING -> {
        leadership.stamp(state(), spec(), effects);
        lead();
      }
    }
  }

  private void lead() {
    Turn<F> turn = known.turn();
    Map<String, Reply> replies = new TreeMap<>();
    if (takeOver) {
      takeOver = false;
      consequences.takeOver(turn, spec());
    }
    Stamp newer = inbox.takeIn(turn, spec(), known.seen(), replies);
    if (newer != null) {
      overtaken(newer);
      replies.keySet().forEach(id -> answer(id, new Reply.NotLeading("a newer epoch acts")));
      return;
    }
    operations.due(turn, spec());
    if (pauses.over(turn.state()) && turn.state().pause().isPresent()) {
      Pauses.end(turn, null);
    }
    if (known.changed()) {
      consequences.draw(turn, spec(), known.considered());
      known.due(kind.due(spec(), turn.state()));
    }
    turn.looks().forEach(cadence::lookAgain);
    if (turn.rows().isEmpty()) {
      effects.addAll(turn.after());
      replies.forEach(this::answer);
    } else {
      effects.add(commits.send(state(), turn, replies));
    }
  }

  private long nextWake() {
    long now = state().now().nanos();
    // Counted from the last one: inputs that come more often must not put it off for ever.
    long tick = ticked + spec().tick().toNanos();
    long next = known.orDue(Math.min(tick, operations.nextDue()));
    if (leadership.leading() && commits.free(now)) {
      next = pauses.orEnd(next);
    }
    return Math.max(commits.orPauseEnd(next, now), now);
  }

  @Override
  public String toString() {
    return spec().id()
        + " "
        + leadership.phase()
        + " in epoch "
        + state().epoch()
        + (commits.waiting() ? ", waiting for the store" : "");
  }

  /** What screens show. */
  public ResourceView view() {
    return Screen.of(kind, spec(), state(), inbox.progress());
  }
}
