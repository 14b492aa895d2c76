package io.cotidal.copies.steps;

import io.cotidal.copies.database.EngineException;
import io.cotidal.copies.plan.Acts;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import java.io.IOException;
import java.util.Optional;

/** Makes a place: a clone of a generation, and a server on it, for an owner or as a spare. */
final class Making implements Act {
  private final Bench bench;
  private final Places places;
  private final boolean spare;

  /** Makes copies, or spares, which are paused when they are ready. */
  Making(Bench bench, boolean spare) {
    this.bench = bench;
    this.places = new Places(bench);
    this.spare = spare;
  }

  @Override
  public Details act(Turn turn) throws EngineException, IOException, InterruptedException {
    String generation = turn.need(Acts.GENERATION);
    long begun = System.nanoTime();
    bench.tools().runtime().require(turn.deadline());
    if (!spare) {
      places.requireLink(turn.need(Acts.NAME));
    }
    places.remove(turn.id(), turn.deadline());
    new Premises(bench).folder(turn.id());
    String name = spare ? "" : turn.need(Acts.NAME);
    Home home = new Homes(bench).settle(turn.id(), name, generation);
    Details parts = home.make(generation, spare, turn.deadline());
    Details facts =
        home.facts()
            .with(Acts.GENERATION, generation)
            .with(Acts.MILLIS, millis(begun, System.nanoTime()))
            .with(parts);
    Made.write(bench.layout().made(turn.id()), spare ? facts : facts.with(Acts.NAME, name));
    if (!spare) {
      places.link(turn.need(Acts.NAME), turn.id());
    }
    return facts;
  }

  @Override
  public Inspection inspect(Turn turn) throws IOException, InterruptedException {
    Optional<Details> made = Made.read(bench.layout().made(turn.id()));
    if (made.isEmpty()) {
      return new Inspection.NotApplied("it is not whole");
    }
    return there(turn.id())
        ? new Inspection.Applied(made.get())
        : new Inspection.NotApplied("its server does not run");
  }

  private boolean there(String id) throws IOException {
    try {
      return new Homes(bench).of(id).there();
    } catch (EngineException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  static long millis(long from, long to) {
    return (to - from) / 1_000_000;
  }
}
