package io.cotidal.objects.state;

import io.cotidal.model.MemberId;
import java.util.Optional;

/**
 * What a decision took away from somebody, for the ledger. Shows no secret.
 *
 * @param sort what it was
 * @param winner the site whose word holds
 * @param loser the site whose word does not
 * @param won what holds; empty if that is no state
 * @param lost what does not; empty if that is no state
 */
public record Overruled(
    Sort sort, MemberId winner, MemberId loser, Optional<Imprint> won, Optional<Imprint> lost) {
  /** What was overruled. */
  public enum Sort {
    /** Two sites changed the container, and one of the changes holds. */
    STATE,
    /** It was deleted at one site and written to at another: it stays. */
    DELETION,
    /**
     * Its storage policy is another one, which cannot be changed any more; objects are the same.
     */
    POLICY,
    /** Its sync key was another one. */
    KEY
  }

  static Overruled of(Sort sort, MemberId winner, MemberId loser) {
    return new Overruled(sort, winner, loser, Optional.empty(), Optional.empty());
  }

  /** What happened, in one sentence without a value. */
  public String sentence() {
    return switch (sort) {
      case STATE -> "the change at %s holds, that at %s does not".formatted(winner, loser);
      case DELETION -> "deleted at %s, but written to at %s: it stays".formatted(loser, winner);
      case POLICY ->
          "its storage policy at %s is not that of %s, and cannot be changed"
              .formatted(loser, winner);
      case KEY -> "the sync key of %s holds, that of %s does not".formatted(winner, loser);
    };
  }
}
