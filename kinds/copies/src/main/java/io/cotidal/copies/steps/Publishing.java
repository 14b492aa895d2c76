package io.cotidal.copies.steps;

import io.cotidal.copies.database.EngineException;
import io.cotidal.copies.spec.CopiesSpec.Isolation;
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
  public Details act(Turn turn) throws EngineException, IOException, InterruptedException {
    if (Made.read(bench.layout().made(turn.id())).isEmpty()) {
      throw new EngineException("generation " + turn.id() + " is not whole");
    }
    bench.tools().volume().settle();
    if (bench.spec().service().isolation() == Isolation.DATABASE) {
      // What nobody could copy is not published, and the first copy need not wait for it.
      Hosts.of(bench).ready(turn.id(), turn.deadline());
    }
    places.linkTemplate(turn.id());
    return Details.NONE;
  }

  @Override
  public Inspection inspect(Turn turn) {
    return new Inspection.NotApplied("a publication is repeated until it is recorded");
  }
}
