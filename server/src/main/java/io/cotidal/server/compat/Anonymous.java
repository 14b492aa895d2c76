package io.cotidal.server.compat;

import io.cotidal.model.Permission;
import io.cotidal.model.Token;
import io.cotidal.server.access.Caller;

/**
 * What nobody in particular may do. It is there only if the operator wrote so.
 *
 * @param role never an administrator's
 * @param scope on which resources: {@code *}, {@code kind/*} or {@code kind/name}
 */
public record Anonymous(Permission role, String scope) {
  /** The name under which the audit knows nobody in particular. */
  public static final String NAME = "anonymous";

  /** Refuses the administrator's role. */
  public Anonymous {
    if (role == Permission.ADMIN) {
      throw new IllegalArgumentException(
          "anonymous-as: admin: nobody in particular hands out tokens; write viewer, user or"
              + " operator");
    }
  }

  Caller caller() {
    return new Caller(new Token(NAME, "", role, scope, 0, Long.MAX_VALUE, 0), false);
  }
}
