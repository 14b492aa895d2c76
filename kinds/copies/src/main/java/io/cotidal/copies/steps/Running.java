package io.cotidal.copies.steps;

import io.cotidal.copies.database.Administration;
import io.cotidal.copies.database.EngineException;
import io.cotidal.copies.plan.Acts;
import io.cotidal.copies.servers.ServerRuntime.Standing;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import java.io.IOException;

/** Starts or stops the server of a copy; port, password and data stay. */
final class Running implements Act {

  private final Bench bench;
  private final Startup startup;
  private final Places places;
  private final Door door;
  private final boolean starts;

  /** The act that starts, or the one that stops. */
  Running(Bench bench, boolean starts) {
    this.bench = bench;
    this.startup = new Startup(bench);
    this.places = new Places(bench);
    this.door = new Door(bench);
    this.starts = starts;
  }

  @Override
  public Details act(Turn turn) throws EngineException, IOException, InterruptedException {
    Details made =
        Made.read(bench.layout().made(turn.id()))
            .orElseThrow(
                () -> new EngineException(turn.id() + " is not whole: reset or delete it"));
    if (!starts) {
      startup.down(turn.id(), true, turn.deadline());
      return Details.NONE;
    }
    long begun = System.nanoTime();
    boolean ran = bench.tools().runtime().standing(bench.place(turn.id())) == Standing.RUNNING;
    try (Administration session =
        startup
            .named(made.get(Acts.NAME, ""))
            .up(
                turn.id(),
                bench.administrator(made.need(Acts.GENERATION)),
                false,
                turn.deadline())) {
      if (!ran) {
        // Of one that ran, sessions would be ended that nobody wants to lose.
        door.open(turn.id(), session);
      }
    }
    return places.facts(turn.id()).with(Acts.MILLIS, Making.millis(begun, System.nanoTime()));
  }

  @Override
  public Inspection inspect(Turn turn) throws IOException {
    Standing standing = bench.tools().runtime().standing(bench.place(turn.id()));
    if (starts) {
      // Whether it also answers, the act finds out; doing it again does no harm.
      return new Inspection.NotApplied("a start is repeated until a login is answered");
    }
    return standing == Standing.GONE
        ? new Inspection.Applied(Details.NONE)
        : new Inspection.NotApplied("its server runs");
  }
}
