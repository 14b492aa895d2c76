package io.cotidal.directory.target.ds389;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchResultEntry;
import io.cotidal.directory.ldap.ActFailed;
import io.cotidal.directory.target.Servers;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;

/**
 * The end of replication on a member. Its vector goes too: it would speak of changes as if all
 * since then had been recorded, and a return of the member would lose those that were not.
 */
final class Retire implements Act {

  @Override
  public String part(Servers.Order order) {
    return "self";
  }

  @Override
  public Details act(Turn turn) throws LDAPException, ActFailed {
    Config config = Config.read(turn.session(), turn.realm());
    SearchResultEntry replica = config.replica();
    int removed = 0;
    if (Content.read(turn.session(), turn.realm()).filling()) {
      // The server dies of losing its settings meanwhile.
      throw new ActFailed("it is being filled: wait until that has ended");
    }
    for (SearchResultEntry each : config.agreements()) {
      if (turn.realm().ours(each.getAttributeValue(Words.DESCRIPTION))) {
        Links.remove(turn.session(), each);
        removed++;
      } else {
        throw new ActFailed(
            "the agreement '%s' is not ours: adopt it or remove it"
                .formatted(Config.value(each, Words.NAME)));
      }
    }
    if (replica != null) {
      turn.session().delete(replica.getDN());
    }
    SearchResultEntry vector = Content.vectorEntry(turn.session(), turn.realm());
    if (vector != null) {
      turn.session().delete(vector.getDN());
    }
    return switch (inspect(turn)) {
      case Inspection.Applied _ -> Details.of("removed", removed);
      case Inspection.NotApplied missing -> throw new ActFailed(missing.reason());
      case Inspection.Unknown unknown -> throw new ActFailed(unknown.reason());
    };
  }

  @Override
  public Inspection inspect(Turn turn) throws LDAPException {
    Config config = Config.read(turn.session(), turn.realm());
    if (config.replica() != null) {
      return new Inspection.NotApplied("it has settings of replication");
    }
    return Content.read(turn.session(), turn.realm()).vector().initialised()
        ? new Inspection.NotApplied("its vector is still there")
        : new Inspection.Applied(Details.NONE);
  }
}
