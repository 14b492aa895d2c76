package io.cotidal.directory.openldap;

import com.unboundid.ldap.sdk.LDAPException;
import io.cotidal.directory.ldap.ActFailed;
import io.cotidal.directory.plan.Acts;
import io.cotidal.directory.target.Servers;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import java.util.List;
import java.util.Map;

/** The end of the orders of ours to fetch from one supplier. */
final class Unlink implements Act {

  @Override
  public String part(Servers.Order order) {
    return "from " + order.step().arguments().need(Acts.FROM);
  }

  @Override
  public String room(Servers.Order order) {
    return Act.CONFIGURATION;
  }

  @Override
  public Details act(Turn turn) throws LDAPException, ActFailed {
    Slapd slapd = turn.slapd();
    List<Sync> there = there(turn, slapd);
    if (!there.isEmpty()) {
      Links.exchange(turn, slapd, there, List.of());
    }
    String from = turn.argument(Acts.FROM);
    for (Map.Entry<Integer, String> note : Notes.of(slapd, turn.realm()).edges().entrySet()) {
      if (note.getValue().equals(from)) {
        Notes.drop(turn.session(), turn.realm(), Notes.edge(note.getKey(), from));
      }
    }
    if (!there(turn, turn.slapd()).isEmpty()) {
      throw new ActFailed("the server has not removed its order yet");
    }
    return Details.of("removed", there.size());
  }

  @Override
  public Inspection inspect(Turn turn) throws LDAPException, ActFailed {
    List<Sync> there = there(turn, turn.slapd());
    return there.isEmpty()
        ? new Inspection.Applied(Details.NONE)
        : new Inspection.NotApplied("the order '" + there.getFirst() + "' is there");
  }

  /** Our note names the supplier, wherever it was. */
  private static List<Sync> there(Turn turn, Slapd slapd) {
    String from = turn.argument(Acts.FROM);
    Map<Integer, String> edges = Notes.of(slapd, turn.realm()).edges();
    return slapd.syncs(turn.realm()).stream()
        .filter(sync -> from.equals(edges.get(sync.rid())))
        .toList();
  }
}
