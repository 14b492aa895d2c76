package io.cotidal.sources.places;

import io.cotidal.sources.roll.Admission;
import io.cotidal.sources.roll.NoAnswer;
import io.cotidal.sources.roll.Roll;
import io.cotidal.sources.spec.SourceSpec;
import java.time.Duration;
import java.util.Optional;

/** A list that never changes. */
public final class FixedPlace implements Place {
  private final SourceSpec.Fixed spec;

  /** The list of {@code spec}. */
  public FixedPlace(SourceSpec.Fixed spec) {
    this.spec = spec;
  }

  @Override
  public Reading read(Optional<Reading> last, Duration wait) throws NoAnswer {
    return new Reading(Roll.of(spec.members(), Admission.ANYBODY, Optional.empty()), "");
  }

  @Override
  public Duration timeout() {
    return Duration.ofSeconds(1);
  }

  @Override
  public String describe() {
    return "the list in the configuration";
  }
}
