package io.cotidal.directory.target.ds389;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchResultEntry;
import io.cotidal.directory.ldap.ActFailed;
import io.cotidal.directory.observe.Credentials;
import io.cotidal.directory.target.Servers;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;

/** The configured password, for the account here and for every agreement of ours from here. */
final class Rotate implements Act {

  @Override
  public String part(Servers.Order order) {
    return "self";
  }

  @Override
  public Details act(Turn turn) throws LDAPException, InterruptedException, ActFailed {
    Config config = Config.read(turn.session(), turn.realm());
    Account.make(turn, config);
    int changed = 0;
    for (SearchResultEntry each : config.agreements()) {
      // What the mark says may have been undone by hand since: so all are given it.
      if (turn.realm().ours(each.getAttributeValue(Words.DESCRIPTION))) {
        turn.session().modify(each.getDN(), Link.password(turn.realm()));
        changed++;
      }
    }
    return switch (inspect(turn)) {
      case Inspection.Applied _ -> Details.of("agreements", changed);
      case Inspection.NotApplied missing -> throw new ActFailed(missing.reason());
      case Inspection.Unknown unknown -> throw new ActFailed(unknown.reason());
    };
  }

  @Override
  public Inspection inspect(Turn turn) throws LDAPException {
    Config config = Config.read(turn.session(), turn.realm());
    for (SearchResultEntry each : config.agreements()) {
      String description = each.getAttributeValue(Words.DESCRIPTION);
      if (turn.realm().ours(description)
          && turn.realm().credentials(description) != Credentials.CURRENT) {
        return new Inspection.NotApplied(
            "the agreement '" + Config.value(each, Words.NAME) + "' has another password");
      }
    }
    if (turn.world().facts().password(config) != Credentials.CURRENT || !Account.works(turn)) {
      return new Inspection.NotApplied("the suppliers' account has another password");
    }
    return new Inspection.Applied(Details.NONE);
  }
}
