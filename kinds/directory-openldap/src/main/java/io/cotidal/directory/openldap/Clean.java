package io.cotidal.directory.openldap;

import com.unboundid.ldap.sdk.LDAPException;
import io.cotidal.directory.ldap.ActFailed;
import io.cotidal.directory.plan.Acts;
import io.cotidal.directory.spec.Server;
import io.cotidal.directory.target.Servers;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;

/**
 * A server id that nobody has any more. OpenLDAP has no order that takes one out of contextCSN: it
 * stays there, harms nobody, and is why the id is never given again. So there is nothing to do but
 * to see that really nobody has it.
 */
final class Clean implements Act {

  @Override
  public String part(Servers.Order order) {
    return "";
  }

  @Override
  public Details act(Turn turn) throws LDAPException, InterruptedException, ActFailed {
    return proven(turn);
  }

  @Override
  public Inspection inspect(Turn turn) throws LDAPException, InterruptedException, ActFailed {
    int id = turn.id();
    if (turn.slapd().id() == id) {
      return new Inspection.NotApplied(id + " is this member's own server id");
    }
    for (Server each : turn.order().known()) {
      if (turn.elsewhere(each, session -> Slapd.read(session, turn.realm()).id()) == id) {
        return new Inspection.NotApplied("member " + each.id() + " still has server id " + id);
      }
    }
    boolean listed = turn.content().csns().latest().containsKey(id);
    return new Inspection.Applied(
        Details.of(
                "task",
                listed
                    ? "no member has server id %d; slapd keeps it in contextCSN for good, and it is never given again"
                        .formatted(id)
                    : "no member has server id %d, and contextCSN does not name it".formatted(id))
            .with(Acts.ID, id));
  }
}
