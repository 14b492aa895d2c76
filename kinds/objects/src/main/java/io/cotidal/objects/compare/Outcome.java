package io.cotidal.objects.compare;

import io.cotidal.objects.names.ObjectRow;

/** What is known for certain after a verdict was acted on: the sites themselves have said so. */
public sealed interface Outcome {
  /** Nothing is. What was agreed on before stays, and the next pass looks again. */
  record Nothing() implements Outcome {}

  /**
   * Objects have come to sites.
   *
   * @param what now is there, with the time it was written under: if the source had a later one by
   *     then, that
   * @param at sites that have it, the source included
   * @param deletedLater sites that refused it, being earlier than what they have, and that have
   *     nothing when asked for the newest: they deleted the object after it was written, so the
   *     deletion stays. It is carried on in the next pass. A site that joins is not believed this:
   *     see {@link Verdict.Copy#joining}
   */
  record Copied(ObjectRow what, SiteSet at, SiteSet deletedLater) implements Outcome {}

  /**
   * Objects are gone.
   *
   * @param gone sites that have nothing when asked for the newest: those that had deleted it
   *     themselves, and those where we did
   */
  record Deleted(SiteSet gone) implements Outcome {}

  /** Nothing is known. */
  Outcome NOTHING = new Nothing();

  /** The winner has come to {@code done}, which are some of where it was to come. */
  static Outcome copied(Verdict.Copy copy, SiteSet done) {
    return copied(copy, done, SiteSet.NONE);
  }

  /** The winner has come to {@code done}, and at {@code deletedLater} it was deleted since. */
  static Outcome copied(Verdict.Copy copy, SiteSet done, SiteSet deletedLater) {
    ObjectRow row = copy.winner();
    boolean restamped = !copy.stamp().equals(row.written());
    ObjectRow what =
        new ObjectRow(
            row.name(),
            copy.stamp(),
            row.hash(),
            row.bytes(),
            row.version(),
            row.latest(),
            row.marker());
    SiteSet at = restamped || done.isEmpty() ? done : done.and(copy.from());
    return new Copied(what, at, deletedLater);
  }
}
