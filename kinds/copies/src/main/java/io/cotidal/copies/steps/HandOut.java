package io.cotidal.copies.steps;

import io.cotidal.copies.database.Administration;
import io.cotidal.copies.database.EngineException;
import io.cotidal.copies.database.Place;
import io.cotidal.copies.database.User;
import io.cotidal.copies.plan.Acts;
import io.cotidal.copies.servers.ServerRuntime.Standing;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Gives a spare an owner: lets its server go on, and in with a new password. */
final class HandOut implements Act {
  private static final Duration ADMIT = Duration.ofSeconds(5);
  private static final String NAME = "name";

  private final Bench bench;
  private final Startup startup;
  private final Places places;

  HandOut(Bench bench) {
    this.bench = bench;
    this.startup = new Startup(bench);
    this.places = new Places(bench);
  }

  @Override
  public Details act(Turn turn) throws EngineException, IOException, InterruptedException {
    long begun = System.nanoTime();
    Details made =
        Made.read(bench.layout().made(turn.id()))
            .orElseThrow(() -> new EngineException("the spare " + turn.id() + " is not whole"));
    Place place = bench.place(turn.id());
    Home home = new Homes(bench).of(turn.id());
    User user = home.user();
    bench.tools().runtime().resume(place);
    long resumed = System.nanoTime();
    if (!admitted(turn.id(), user)) {
      try (Administration session =
          startup.up(
              turn.id(), bench.administrator(made.need(Acts.GENERATION)), false, turn.deadline())) {
        session.admit(user, ADMIT);
      }
    }
    Details facts =
        made.with(home.facts())
            .with(NAME, turn.need(Acts.NAME))
            .with("resume-millis", Making.millis(begun, resumed))
            .with("admit-millis", Making.millis(resumed, System.nanoTime()))
            .with(Acts.MILLIS, Making.millis(begun, System.nanoTime()));
    Made.replace(bench.layout().made(turn.id()), facts);
    places.link(turn.need(Acts.NAME), turn.id());
    return facts;
  }

  /** By the session that was kept; one that turns out dead is replaced by a login. */
  private boolean admitted(String id, User user) {
    Optional<Administration> kept = bench.sessions().take(id);
    if (kept.isEmpty()) {
      return false;
    }
    try (Administration session = kept.get()) {
      session.admit(user, ADMIT);
      return true;
    } catch (EngineException e) {
      return false;
    }
  }

  @Override
  public Inspection inspect(Turn turn) throws IOException {
    Optional<Details> made = Made.read(bench.layout().made(turn.id()));
    boolean mine = made.isPresent() && made.get().get(NAME, "").equals(turn.need(Acts.NAME));
    if (!mine) {
      return new Inspection.NotApplied("it has no owner yet");
    }
    return bench.tools().runtime().standing(bench.place(turn.id())) == Standing.RUNNING
        ? new Inspection.Applied(made.get())
        : new Inspection.NotApplied("its server does not run");
  }
}
