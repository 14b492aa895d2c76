package io.cotidal.directory.target.ds389;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchResultEntry;
import io.cotidal.directory.ldap.ActFailed;
import io.cotidal.directory.plan.Acts;
import io.cotidal.directory.spec.Server;
import io.cotidal.directory.target.Servers;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import java.util.List;

/** The end of the agreements of ours with one consumer. */
final class Unlink implements Act {

  @Override
  public String part(Servers.Order order) {
    return "to " + order.step().arguments().need(Acts.TO);
  }

  @Override
  public Details act(Turn turn) throws LDAPException, ActFailed {
    List<SearchResultEntry> there = there(turn);
    for (SearchResultEntry each : there) {
      Links.remove(turn.session(), each);
    }
    if (!there(turn).isEmpty()) {
      throw new ActFailed("the server has not removed its agreement yet");
    }
    return Details.of("removed", there.size());
  }

  @Override
  public Inspection inspect(Turn turn) throws LDAPException, ActFailed {
    List<SearchResultEntry> there = there(turn);
    return there.isEmpty()
        ? new Inspection.Applied(Details.NONE)
        : new Inspection.NotApplied(
            "the agreement '" + Config.value(there.getFirst(), Words.NAME) + "' is there");
  }

  private static List<SearchResultEntry> there(Turn turn) throws LDAPException, ActFailed {
    String to = turn.argument(Acts.TO);
    Config config = Config.read(turn.session(), turn.realm());
    if (known(turn, to)) {
      Server server = turn.server(to);
      return Links.to(server, config, turn).ours();
    }
    // Nobody knows where it was: what we made for it bears its name.
    return config.agreements().stream()
        .filter(each -> turn.realm().ours(each.getAttributeValue(Words.DESCRIPTION)))
        .filter(each ->
            Config.value(each, Words.NAME)
                .equals(Realm.agreement(new io.cotidal.model.MemberId(to))))
        .toList();
  }

  private static boolean known(Turn turn, String to) {
    return turn.order().step().arguments().has(Acts.HOST)
        || turn.order().known().stream().anyMatch(one -> one.id().name().equals(to));
  }
}
