package io.cotidal.copies.plan;

import io.cotidal.copies.observe.CopiesFacts;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.StepRecord;
import io.cotidal.model.Wanted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which spares should be made now: as many at a time as servers start at a time, and none while
 * that would take the processors from somebody who waits for a copy or logs in to one.
 */
final class Refill {
  /** After a creation the host is left in peace for so long, in microseconds. */
  private static final long CALM = 1_000_000;

  /**
   * After a hand-out even an empty pool waits for so long, in microseconds: whoever got the spare
   * logs in now, which takes a tenth of it.
   */
  private static final long LOGIN = 300_000;

  private static final long MEGABYTE = 1_048_576;
  private static final String PLACE = "c[0-9]{1,18}-[0-9a-z]+";

  private final CopiesSpec spec;
  private final State<CopiesFacts> state;
  private final Doctor doctor;
  private final Shelf shelf;
  private final long now;

  Refill(CopiesSpec spec, State<CopiesFacts> state) {
    this.spec = spec;
    this.state = state;
    this.doctor = new Doctor(spec, state);
    this.shelf = new Shelf(state);
    this.now = state.now().micros();
  }

  List<Wanted> wanted(CopiesFacts facts) {
    List<Wanted> wanted = new ArrayList<>();
    Optional<Item> current = shelf.current();
    if (current.isEmpty() || doctor.full(facts) || now < calmAt()) {
      return wanted;
    }
    int there = there();
    int missing = spec.allowance().spares() - there;
    int making = (int) shelf.spares().stream().filter(spare -> spare.is(Shelf.CREATING)).count();
    for (int slot = 0; slot < facts.processors() && missing > wanted.size(); slot++) {
      if (free(slot) && making + wanted.size() < room(spec, facts)) {
        Details input =
            Details.of(Acts.GENERATION, current.get().name())
                .with(MakeSpare.AFTER, newest())
                .with(MakeSpare.SLOT, slot);
        String reason = there + " of " + spec.allowance().spares() + " spares wait";
        wanted.add(new Wanted(MakeSpare.NAME, input, reason, true));
      }
    }
    return wanted;
  }

  /** When time alone will let a spare be made; far away if it will not. */
  long due() {
    return spec.allowance().spares() > 0 && calmAt() > now ? calmAt() : Long.MAX_VALUE;
  }

  private int there() {
    String current = shelf.current().map(Item::name).orElse("");
    return (int)
        shelf.spares().stream().filter(spare -> Shelf.generation(spare).equals(current)).count();
  }

  private boolean free(int slot) {
    String scope = MakeSpare.lock(slot).scope();
    return state
        .holding()
        .noneMatch(open -> open.locks().stream().anyMatch(lock -> lock.scope().equals(scope)));
  }

  /**
   * From when on the host has strength to spare; far away as long as a spare is being handed out. A
   * pool that is empty waits for nobody else.
   */
  private long calmAt() {
    if (state.holding().anyMatch(open -> handedOut(open).isPresent())) {
      return Long.MAX_VALUE;
    }
    long handed =
        state
                .recent()
                .filter(past -> handedOut(past).isPresent())
                .mapToLong(Operation::endedMicros)
                .max()
                .orElse(now - LOGIN)
            + LOGIN;
    long made =
        shelf.copies().stream().mapToLong(Item::createdMicros).max().orElse(now - CALM) + CALM;
    return there() == 0 ? handed : Math.max(handed, made);
  }

  /** The place that the operation hands out, if it does that. */
  private static Optional<String> handedOut(Operation operation) {
    return operation.type().equals(Create.NAME)
        ? operation.steps().stream()
            .map(StepRecord::step)
            .filter(step -> step.act().equals(Acts.HAND_OUT))
            .map(step -> step.arguments().get(Acts.ID, ""))
            .findFirst()
        : Optional.empty();
  }

  /**
   * The number of the newest place that came to something: it can be used, or somebody got it. What
   * is wanted after another place is not what was wanted before.
   */
  private long newest() {
    Stream<String> usable =
        Stream.concat(shelf.copies().stream(), shelf.spares().stream())
            .filter(item -> !item.is(Shelf.CREATING))
            .map(Shelf::id);
    Stream<String> handed =
        state
            .recent()
            .filter(past -> past.state() == OperationState.DONE)
            .flatMap(past -> handedOut(past).stream());
    return Stream.concat(usable, handed)
        .filter(id -> id.matches(PLACE))
        .mapToLong(id -> Long.parseLong(id.substring(1, id.indexOf('-'))))
        .max()
        .orElse(0);
  }

  /**
   * For how many spares there is memory, at most as many as are made at a time. They must leave
   * some for a copy that somebody wants now.
   */
  static int room(CopiesSpec spec, CopiesFacts facts) {
    long each = spec.database().memoryMegabytes() * MEGABYTE;
    return Math.clamp((facts.spareMemoryBytes() - 1) / each - 1, 0, facts.processors());
  }
}
