package io.cotidal.server.http;

import io.cotidal.model.Permission;

/** Who may use a route. Every route says it; there is no default. */
public sealed interface Access {
  /**
   * Callers with a token or a session.
   *
   * @param permission what their role must include
   * @param reach what their scope must include
   */
  record Needs(Permission permission, Reach reach) implements Access {}

  /**
   * Everybody.
   *
   * @param why no secret and no change is behind it, in one sentence; tests hold the list of such
   *     routes
   */
  record Anyone(String why) implements Access {}

  /** What a caller's scope must include. */
  enum Reach {
    /** The resource that the path names. */
    RESOURCE,
    /** Nothing in particular: the answer holds only what the scope covers. */
    FILTERED,
    /** Every resource. */
    FLEET
  }
}
