package io.cotidal.directory.ldap;

import com.unboundid.ldap.sdk.LDAPException;
import io.cotidal.directory.spec.Server;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;

/** One step of an operation as one vendor's servers take it. */
public interface Deed {
  /**
   * Of which part of the server the stamp counts: acts on different parts run side by side. Empty
   * for what only reads.
   */
  String part();

  /** What another act of this process must not be at meanwhile; empty for nothing. */
  String room();

  /** Does it and reads its effect back. */
  Details act(Server server, Session session) throws LDAPException, InterruptedException, ActFailed;

  /** Says from the effect alone whether it is there. */
  Inspection inspect(Server server, Session session)
      throws LDAPException, InterruptedException, ActFailed;
}
