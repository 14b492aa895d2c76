package io.cotidal.directory.openldap;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.SearchResultEntry;
import io.cotidal.directory.ldap.ActFailed;
import io.cotidal.directory.target.Servers;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import java.util.List;
import java.util.Map;

/** The end of replication on a member: it fetches from nobody, and sends to nobody. */
final class Retire implements Act {

  @Override
  public String part(Servers.Order order) {
    return "self";
  }

  @Override
  public String room(Servers.Order order) {
    return Act.CONFIGURATION;
  }

  @Override
  public Details act(Turn turn) throws LDAPException, InterruptedException, ActFailed {
    Slapd slapd = turn.slapd();
    Facts facts = new Facts(turn.realm(), slapd);
    List<Sync> all = slapd.syncs(turn.realm());
    for (Sync each : all) {
      if (!facts.owned(each)) {
        throw new ActFailed("the order '" + each + "' is not ours: adopt it or remove it");
      }
    }
    if (!all.isEmpty()) {
      Links.exchange(turn, slapd, all, List.of());
    }
    for (Map.Entry<Integer, String> note : facts.notes().edges().entrySet()) {
      Notes.drop(turn.session(), turn.realm(), Notes.edge(note.getKey(), note.getValue()));
    }
    for (String text : facts.notes().filling()) {
      Notes.drop(turn.session(), turn.realm(), Notes.FILL + text);
    }
    SearchResultEntry sender = slapd.sender();
    if (sender != null) {
      turn.session().delete(sender.getDN());
    }
    if (slapd.id() > 0 && !slapd.othersReplicate()) {
      turn.session()
          .modify(
              slapd.global().getDN(),
              List.of(new Modification(ModificationType.DELETE, Words.SERVER_ID)));
    }
    proven(turn);
    return Details.of("removed", all.size());
  }

  @Override
  public Inspection inspect(Turn turn) throws LDAPException {
    Slapd slapd = turn.slapd();
    if (slapd.prepared()) {
      return new Inspection.NotApplied("it has settings of replication");
    }
    return slapd.syncs(turn.realm()).isEmpty()
        ? new Inspection.Applied(Details.NONE)
        : new Inspection.NotApplied("it still fetches from others");
  }
}
