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

  /**
   * Digest of all that a job asks for beside a layer's table: what GeoServer is told, and schemas,
   * grants and roles. Never empty.
   */
  static String face(Thing.Wish.Publish wish) {
    return wish.body() instanceof Body.Layer || wish.data().isEmpty()
        ? wish.face()
        : Digests.of(wish.data() + "\n" + wish.face());
  }
}
