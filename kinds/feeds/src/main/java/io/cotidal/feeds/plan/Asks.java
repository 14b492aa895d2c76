package io.cotidal.feeds.plan;

import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Thing;

/**
 * One word for all that a job asks for: who acts on a job says by it which state of it is meant.
 */
public final class Asks {
  private Asks() {}

  /** Changes if and only if something of the wish does, the place of its table included. */
  public static String of(Thing.Wish.Publish wish) {
    String schema = wish.body() instanceof Body.Layer layer ? layer.schemas().view() : "";
    return Digests.of(wish.data() + "\n" + wish.face() + "\n" + wish.emptied() + "\n" + schema);
  }
}
