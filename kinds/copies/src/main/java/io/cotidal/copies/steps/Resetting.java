package io.cotidal.copies.steps;

import io.cotidal.copies.database.EngineException;
import io.cotidal.copies.plan.Acts;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;

/** Puts a generation's data in the place of a copy's; port, certificate and password stay. */
final class Resetting implements Act {
  private static final String RESET = "reset";

  private final Bench bench;

  Resetting(Bench bench) {
    this.bench = bench;
  }

  @Override
  public Details act(Turn turn) throws EngineException, IOException, InterruptedException {
    long begun = System.nanoTime();
    String id = turn.id();
    String generation = turn.need(Acts.GENERATION);
    if (!Files.isDirectory(bench.layout().data(generation))) {
      throw new EngineException("generation " + generation + " is gone: reset with refresh");
    }
    Details made = Made.read(bench.layout().made(id)).orElse(Details.NONE);
    // Until it is written anew the place is not whole, whatever interrupts this.
    Files.deleteIfExists(bench.layout().made(id));
    Home home =
        new Homes(bench).of(id, made.get(Acts.NAME, "")).replace(generation, turn.deadline());
    Details facts =
        made.with(home.facts())
            .with(Acts.GENERATION, generation)
            .with(RESET, turn.step().key())
            .with(Acts.MILLIS, Making.millis(begun, System.nanoTime()));
    Made.write(bench.layout().made(id), facts);
    return facts;
  }

  @Override
  public Inspection inspect(Turn turn) throws IOException {
    Optional<Details> made = Made.read(bench.layout().made(turn.id()));
    // An earlier reset looks the same: doing it again gives what was asked for in any case.
    return new Inspection.NotApplied(
        made.isEmpty() ? "it is not whole" : "a reset is repeated until it answers");
  }
}
