package io.cotidal.copies.steps;

import io.cotidal.copies.database.EngineException;
import io.cotidal.copies.plan.Acts;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import java.io.IOException;

/** Starts or stops the server of a copy; port, password and data stay. */
final class Running implements Act {
  private final Bench bench;
  private final boolean starts;

  /** The act that starts, or the one that stops. */
  Running(Bench bench, boolean starts) {
    this.bench = bench;
    this.starts = starts;
  }

  @Override
  public Details act(Turn turn) throws EngineException, IOException, InterruptedException {
    Details made =
        Made.read(bench.layout().made(turn.id()))
            .orElseThrow(
                () -> new EngineException(turn.id() + " is not whole: reset or delete it"));
    Home home = new Homes(bench).of(turn.id(), made.get(Acts.NAME, ""));
    if (!starts) {
      home.stop(turn.deadline());
      return Details.NONE;
    }
    long begun = System.nanoTime();
    home.start(made.need(Acts.GENERATION), turn.deadline());
    return home.facts().with(Acts.MILLIS, Making.millis(begun, System.nanoTime()));
  }

  @Override
  public Inspection inspect(Turn turn) throws IOException {
    if (starts) {
      // Whether it also answers, the act finds out; doing it again does no harm.
      return new Inspection.NotApplied("a start is repeated until a login is answered");
    }
    try {
      return new Homes(bench).of(turn.id()).stopped()
          ? new Inspection.Applied(Details.NONE)
          : new Inspection.NotApplied("it can be reached");
    } catch (EngineException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
