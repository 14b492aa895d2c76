package io.cotidal.directory.openldap;

import com.unboundid.ldap.sdk.LDAPException;
import io.cotidal.directory.ldap.ActFailed;
import io.cotidal.directory.plan.Acts;
import io.cotidal.directory.spec.Server;
import io.cotidal.directory.target.Servers;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;

/** Our note about an order to fetch that somebody else made. */
final class Adopt implements Act {

  @Override
  public String part(Servers.Order order) {
    return "from " + order.step().arguments().need(Acts.FROM);
  }

  @Override
  public String room(Servers.Order order) {
    return Act.CONFIGURATION;
  }

  @Override
  public Details act(Turn turn) throws LDAPException, InterruptedException, ActFailed {
    Server from = turn.server(turn.argument(Acts.FROM));
    Links links = Links.from(from, turn.slapd(), turn);
    if (links.own() == null) {
      if (links.foreign().isEmpty()) {
        throw new ActFailed("no order fetches from " + from.id());
      }
      int rid = links.foreign().getFirst().rid();
      if (rid < 1) {
        throw new ActFailed("its order has no rid between 1 and " + Sync.HIGHEST);
      }
      Notes.put(turn.session(), turn.realm(), Notes.edge(rid, from.id().name()));
    }
    return proven(turn);
  }

  @Override
  public Inspection inspect(Turn turn) throws LDAPException, ActFailed {
    Server from = turn.server(turn.argument(Acts.FROM));
    Sync own = Links.from(from, turn.slapd(), turn).own();
    return own == null
        ? new Inspection.NotApplied("no order of ours fetches from " + from.id())
        : new Inspection.Applied(Details.of("agreement", "syncrepl " + own.rid()));
  }
}
