package io.cotidal.directory.openldap;

import com.unboundid.ldap.sdk.LDAPException;
import io.cotidal.directory.ldap.ActFailed;
import io.cotidal.directory.observe.Credentials;
import io.cotidal.directory.target.Servers;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The configured password, for the account here and for every order of ours to fetch. */
final class Rotate implements Act {
  private static final String PASSWORD = "credentials";

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
    Account.make(turn);
    Slapd slapd = turn.slapd();
    Facts facts = new Facts(turn.realm(), slapd);
    List<Sync> gone = new ArrayList<>();
    List<Sync> come = new ArrayList<>();
    for (Sync each : slapd.syncs(turn.realm())) {
      if (facts.owned(each) && !each.credentials().equals(turn.realm().password())) {
        gone.add(each);
        TreeMap<String, String> words = new TreeMap<>(each.words());
        words.put(PASSWORD, turn.realm().password());
        come.add(Sync.of(words));
      }
    }
    if (!gone.isEmpty()) {
      Links.exchange(turn, slapd, gone, come);
    }
    proven(turn);
    return Details.of("agreements", gone.size());
  }

  @Override
  public Inspection inspect(Turn turn) throws LDAPException {
    Slapd slapd = turn.slapd();
    Facts facts = new Facts(turn.realm(), slapd);
    for (Sync each : slapd.syncs(turn.realm())) {
      if (facts.owned(each) && !each.credentials().equals(turn.realm().password())) {
        return new Inspection.NotApplied("the order '" + each + "' has another password");
      }
    }
    return facts.account() == Credentials.CURRENT
        ? new Inspection.Applied(Details.NONE)
        : new Inspection.NotApplied("the suppliers' account has another password");
  }
}
