package io.cotidal.copies.steps;

import io.cotidal.copies.database.EngineException;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import java.io.IOException;

/** Makes sure that a generation is whole, and lets the original's link lead to it. */
final class Publishing implements Act {
  private final Bench bench;
  private final Places places;

  Publishing(Bench bench) {
    this.bench = bench;
    this.places = new Places(bench);
  }

  @Override
  public Details act(Turn turn) throws EngineException, IOException {
    if (Made.read(bench.layout().made(turn.id())).isEmpty()) {
      throw new EngineException("generation " + turn.id() + " is not whole");
    }
    bench.tools().volume().settle();
    places.linkTemplate(turn.id());
    return Details.NONE;
  }

  @Override
  public Inspection inspect(Turn turn) {
    return new Inspection.NotApplied("a publication is repeated until it is recorded");
  }
}
