package io.cotidal.copies.plan;

import io.cotidal.copies.observe.CopiesFacts;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.engine.Continuation;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.ItemChange;
import io.cotidal.model.Lock;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Make a copy: hand out a spare if one waits, else clone the current generation and start a server
 * on it. The copy's row is written before anything is made, and says ready only when a login with
 * its own password was answered.
 */
final class Create implements OperationType<CopiesSpec, CopiesFacts> {
  static final String NAME = "create";

  /** Input: whose the copy is. */
  static final String OWNER = "owner";

  /** Input: how long it may live, in microseconds; 0 for ever. */
  static final String TTL = "ttl";

  private static final String RESERVE = "reserve";
  private static final String SPARE = "spare";

  /** Starting takes its turn in a queue: fifty callers at once must not fail for that. */
  private static final Duration MAKE = Duration.ofMinutes(10);

  private static final Duration HAND_OUT = Duration.ofSeconds(20);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Risk risk() {
    return Risk.SAFE;
  }

  @Override
  public List<Lock> locks(Details input) {
    return Changes.lock(Shelf.COPY, input.need(Acts.NAME));
  }

  @Override
  public Continuation steps(Details input, Run run, CopiesSpec spec, State<CopiesFacts> state) {
    String name = input.need(Acts.NAME);
    if (!run.isDone(RESERVE)) {
      return run.occasion() == Run.Occasion.CANCEL
          ? Continuation.finished()
          : begin(input, run, spec, state);
    }
    Details reserved = run.evidence(RESERVE);
    String id = reserved.need(Acts.ID);
    Step make = make(input, id, reserved.need(Acts.GENERATION));
    Step removal = Changes.remove(Shelf.COPY, name, id);
    if (run.isDone(make.key())) {
      return Continuation.finished();
    }
    Optional<String> spare = reserved.find(SPARE);
    if (spare.isEmpty()) {
      return Changes.undoing(run, removal, make)
          ? Changes.undo(run, removal, make)
          : Continuation.rest(List.of(make));
    }
    return withSpare(input, run, spare.get(), make);
  }

  /** A spare that cannot be handed out goes, and the copy is made from nothing. */
  private static Continuation withSpare(Details input, Run run, String spare, Step make) {
    String name = input.need(Acts.NAME);
    Step handOut = handOut(input, spare);
    if (run.isDone(handOut.key())) {
      return Continuation.finished();
    }
    Step removal = Changes.remove(Shelf.COPY, name, make.arguments().need(Acts.ID));
    boolean cancelled = run.occasion() == Run.Occasion.CANCEL;
    Step discard = discard(input, spare, make);
    boolean spareIsGone = run.isDone(discard.key());
    if (!spareIsGone) {
      if (cancelled) {
        return Changes.undo(run, Changes.remove(Shelf.COPY, name, spare), handOut);
      }
      boolean failed = run.failures(handOut.key()) > 0 || run.last(discard.key()).isPresent();
      if (!failed) {
        return Continuation.rest(List.of(handOut));
      }
      return run.failures(discard.key()) > 2
          ? new Continuation.GiveUp(run.problem(discard.key()))
          : Continuation.rest(List.of(discard));
    }
    return cancelled || Changes.undoing(run, removal, make)
        ? Changes.undo(run, removal, make)
        : Continuation.rest(List.of(make));
  }

  /** From then on the copy's row names the place that is made for it, so that both go together. */
  private static Step discard(Details input, String spare, Step make) {
    return Changes.act(Acts.REMOVE, spare, "remove the spare " + spare)
        .changing(
            new ItemChange.Put(
                Shelf.COPY,
                input.need(Acts.NAME),
                input.get(OWNER, ""),
                Shelf.CREATING,
                Details.of(Acts.ID, make.arguments().need(Acts.ID)),
                ItemChange.Put.SAME_EXPIRY))
        .thenDecide();
  }

  private static Continuation begin(
      Details input, Run run, CopiesSpec spec, State<CopiesFacts> state) {
    Shelf shelf = new Shelf(state);
    Optional<Item> current = shelf.current();
    String name = input.need(Acts.NAME);
    if (current.isEmpty()) {
      return new Continuation.GiveUp(spec.id() + " has no generation to copy");
    }
    if (shelf.copy(name).isPresent()) {
      return new Continuation.GiveUp("copy " + name + " exists already");
    }
    String generation = current.get().name();
    Optional<Item> spare =
        shelf.spares().stream()
            .filter(item -> item.is(Shelf.READY) && Shelf.generation(item).equals(generation))
            .filter(item -> shelf.worker(item).isEmpty())
            .findFirst();
    String fresh = Shelf.place("c", run.operation(), state);
    String id = spare.map(Shelf::id).orElse(fresh);
    long ttl = Long.parseLong(input.get(TTL, "0"));
    ItemChange.Put copy =
        new ItemChange.Put(
            Shelf.COPY,
            name,
            input.get(OWNER, ""),
            Shelf.CREATING,
            Details.of(Acts.ID, id).with(Acts.GENERATION, generation),
            ttl == 0 ? 0 : state.now().micros() + ttl);
    String source = Shelf.id(current.get());
    Details evidence = Details.of(Acts.GENERATION, source).with(Acts.ID, fresh);
    Step reserve =
        Step.decision(
            RESERVE,
            "reserve " + name + ": " + id + " of " + generation,
            spare.map(item -> evidence.with(SPARE, id)).orElse(evidence));
    Step made = spare.isPresent() ? handOut(input, id) : make(input, id, source);
    return Continuation.rest(
        List.of(
            spare.isPresent()
                ? reserve.changing(copy, new ItemChange.Drop(Shelf.SPARE, spare.get().name()))
                : reserve.changing(copy),
            made.after(reserve)));
  }

  private static Step make(Details input, String id, String generation) {
    return Changes.act(Acts.MAKE, id, "copy " + generation + " to " + id + " and start it")
        .with(Acts.GENERATION, generation)
        .with(Acts.NAME, input.need(Acts.NAME))
        .within(MAKE)
        .changing(ready(input, id));
  }

  private static Step handOut(Details input, String spare) {
    return Changes.act(Acts.HAND_OUT, spare, "hand " + spare + " out")
        .with(Acts.NAME, input.need(Acts.NAME))
        .within(HAND_OUT)
        .changing(ready(input, spare));
  }

  private static ItemChange ready(Details input, String id) {
    return new ItemChange.Put(
        Shelf.COPY,
        input.need(Acts.NAME),
        input.get(OWNER, ""),
        Shelf.READY,
        Start.reached().with(Acts.ID, id),
        ItemChange.Put.SAME_EXPIRY);
  }
}
