package io.cotidal.directory.target.ds389;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchResultEntry;
import io.cotidal.directory.ldap.ActFailed;
import io.cotidal.directory.plan.Acts;
import io.cotidal.directory.target.Servers;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;

/** Our mark on an agreement that somebody else made. */
final class Adopt implements Act {

  @Override
  public String part(Servers.Order order) {
    return "to " + order.step().arguments().need(Acts.TO);
  }

  @Override
  public Details act(Turn turn) throws LDAPException, ActFailed {
    Links links = links(turn);
    SearchResultEntry own = links.own();
    if (own == null && links.foreign().isEmpty()) {
      throw new ActFailed("no agreement leads to " + turn.argument(Acts.TO));
    }
    if (own == null) {
      own = links.foreign().getFirst();
      turn.session().modify(own.getDN(), Links.set(Words.DESCRIPTION, turn.realm().mark()));
    }
    return Details.of("agreement", Config.value(own, Words.NAME));
  }

  private static Links links(Turn turn) throws LDAPException, ActFailed {
    Config config = Config.read(turn.session(), turn.realm());
    return Links.to(turn.server(turn.argument(Acts.TO)), config, turn);
  }

  @Override
  public Inspection inspect(Turn turn) throws LDAPException, ActFailed {
    SearchResultEntry own = links(turn).own();
    return own == null
        ? new Inspection.NotApplied("no agreement of ours leads to " + turn.argument(Acts.TO))
        : new Inspection.Applied(Details.of("agreement", Config.value(own, Words.NAME)));
  }
}
