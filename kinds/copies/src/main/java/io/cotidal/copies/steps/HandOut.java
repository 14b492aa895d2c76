package io.cotidal.copies.steps;

import io.cotidal.copies.database.Administration;
import io.cotidal.copies.database.EngineException;
import io.cotidal.copies.database.Place;
import io.cotidal.copies.plan.Acts;
import io.cotidal.copies.servers.ServerRuntime.Standing;
import io.cotidal.copies.steps.Sessions.Kept;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * Gives a spare an owner: lets its server go on, and makes sure that it answers its user. Somebody
 * waits for this: nothing is forced to the disk, for no server outlives a power cut, and without a
 * server none of it counts.
 */
final class HandOut implements Act {
  private final Bench bench;
  private final Startup startup;
  private final Places places;
  private final Door door;

  HandOut(Bench bench) {
    this.bench = bench;
    this.startup = new Startup(bench);
    this.places = new Places(bench);
    this.door = new Door(bench);
  }

  @Override
  public Details act(Turn turn) throws EngineException, IOException, InterruptedException {
    long begun = System.nanoTime();
    String id = turn.id();
    Details made =
        Made.read(bench.layout().made(id))
            .orElseThrow(() -> new EngineException("the spare " + id + " is not whole"));
    places.requireLink(turn.need(Acts.NAME));
    Place place = bench.place(id);
    bench.tools().runtime().resume(place);
    long resumed = System.nanoTime();
    Optional<Kept> kept = bench.sessions().take(id);
    if (kept.isEmpty() || !door.opened(id, kept.get())) {
      try (Administration session =
          startup.up(id, bench.administrator(made.need(Acts.GENERATION)), false, turn.deadline())) {
        door.open(id, session);
      }
    }
    Details facts =
        made.with(new Homes(bench).of(id).facts())
            .with("resume-millis", Making.millis(begun, resumed))
            .with("admit-millis", Making.millis(resumed, System.nanoTime()))
            .with(Acts.MILLIS, Making.millis(begun, System.nanoTime()));
    places.link(turn.need(Acts.NAME), id);
    record(id, turn.need(Acts.NAME));
    return facts;
  }

  private void record(String id, String name) throws IOException {
    Path file = bench.layout().handed(id);
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, name);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public Inspection inspect(Turn turn) throws IOException {
    String id = turn.id();
    Optional<Details> made = Made.read(bench.layout().made(id));
    if (made.isEmpty() || !turn.need(Acts.NAME).equals(owner(id))) {
      return new Inspection.NotApplied("it has no owner yet");
    }
    return bench.tools().runtime().standing(bench.place(id)) == Standing.RUNNING
        ? new Inspection.Applied(made.get().with(new Homes(bench).of(id).facts()))
        : new Inspection.NotApplied("its server does not run");
  }

  private String owner(String id) throws IOException {
    try {
      return Files.readString(bench.layout().handed(id));
    } catch (NoSuchFileException e) {
      return "";
    }
  }
}
