package io.cotidal.app.config;

import io.cotidal.feeds.environment.FeedsEnvironment;
import io.cotidal.feeds.repository.HgHook;
import java.util.List;
import java.util.Optional;

/**
 * The environment of the original of the kind feeds as a whole configuration of that kind: what its
 * variables said before, they say here.
 */
final class BorgConfiguration {
  private final KindSection.Given given;

  BorgConfiguration(KindSection.Given given) {
    this.given = given;
  }

  /** What it comes to; what is wrong is reported. */
  Feeds read(Optional<HgHook> transaction) {
    return switch (FeedsEnvironment.read(given.environment())) {
      case FeedsEnvironment.Reading.Invalid invalid -> {
        invalid
            .problems()
            .forEach(problem ->
                given
                    .report()
                    .problem(Place.file("environment"), Feeds.KIND, problem, "see docs/feeds.md"));
        yield Feeds.NONE;
      }
      case FeedsEnvironment.Reading.Valid valid -> {
        new Variables(given.environment(), given.report()).explain(Feeds.KIND, valid.report());
        yield new Feeds(List.of(valid.spec()), valid.warnings(), transaction);
      }
    };
  }
}
