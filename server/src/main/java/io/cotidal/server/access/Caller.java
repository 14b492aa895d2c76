package io.cotidal.server.access;

import io.cotidal.model.Actor;
import io.cotidal.model.Permission;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Token;

/**
 * Who calls, proven.
 *
 * @param token what it was proven with; its hash is empty if it is a one-time link's session
 * @param byCookie whether a browser's session cookie carried the proof, so that requests may be
 *     forged by other pages
 */
public record Caller(Token token, boolean byCookie) {
  /** The name under which the audit knows the caller. */
  public Actor actor() {
    return new Actor(token.id());
  }

  /** Whether the caller's role includes {@code needed}. */
  public boolean allows(Permission needed) {
    return token.permission().allows(needed);
  }

  /** Whether the caller may see and touch {@code resource} at all. */
  public boolean covers(ResourceId resource) {
    return token.covers(resource);
  }

  /** Whether the caller's scope is every resource. */
  public boolean coversAll() {
    return token.scope().equals("*");
  }
}
