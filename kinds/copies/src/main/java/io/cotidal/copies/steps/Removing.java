package io.cotidal.copies.steps;

import io.cotidal.copies.plan.Acts;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.Optional;

/** Removes all that is at a place. */
final class Removing implements Act {
  private final Bench bench;
  private final Places places;

  Removing(Bench bench) {
    this.bench = bench;
    this.places = new Places(bench);
  }

  @Override
  public Details act(Turn turn) throws IOException, InterruptedException {
    Optional<String> instead = turn.step().arguments().find(Acts.INSTEAD);
    if (instead.isPresent()) {
      places.leadBack(turn.id(), instead.get());
    }
    places.unlink(turn.id());
    if (turn.id().startsWith("g")) {
      places.removeServer(turn.id(), turn.deadline());
    }
    places.remove(turn.id(), turn.deadline());
    // Last: as long as anything is left, its server can be asked to leave.
    places.forget(turn.id());
    return Details.NONE;
  }

  @Override
  public Inspection inspect(Turn turn) throws IOException {
    if (Files.exists(bench.layout().folder(turn.id()), LinkOption.NOFOLLOW_LINKS)) {
      return new Inspection.NotApplied("it is there still");
    }
    return places.hasSecrets(turn.id())
        ? new Inspection.NotApplied("its secrets are there still")
        : new Inspection.Applied(Details.NONE);
  }
}
