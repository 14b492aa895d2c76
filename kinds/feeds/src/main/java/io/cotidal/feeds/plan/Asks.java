package io.cotidal.feeds.plan;

import io.cotidal.feeds.job.Thing;

/**
 * One word for all that a job asks for: who acts on a job says by it which state of it is meant.
 */
public final class Asks {
  private Asks() {}

  /** Changes if and only if something of the wish does. */
  public static String of(Thing.Wish.Publish wish) {
    return Digests.of(wish.data() + "\n" + wish.face() + "\n" + wish.emptied());
  }
}
