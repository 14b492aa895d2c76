package io.cotidal.directory.target.ds389;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchResultEntry;
import io.cotidal.directory.ldap.ActFailed;
import io.cotidal.directory.plan.Acts;
import io.cotidal.directory.target.Servers;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import java.util.ArrayList;
import java.util.List;

/**
 * Stops agreements and starts them, which ends the pause between their attempts. One that somebody
 * else made, and over which a consumer was filled since the server's start, is left alone: if it
 * was told to fill as it was made, starting it fills the consumer again.
 */
final class Poke implements Act {
  @Override
  public String part(Servers.Order order) {
    return "poke";
  }

  @Override
  public Details act(Turn turn) throws LDAPException, ActFailed {
    Config config = Config.read(turn.session(), turn.realm());
    List<String> poked = new ArrayList<>();
    List<String> left = new ArrayList<>();
    for (String to : turn.argument(Acts.TO).split(",", -1)) {
      SearchResultEntry own = Links.to(turn.server(to.strip()), config, turn).own();
      if (own == null) {
        left.add(to.strip());
      } else if (own.hasAttribute(Words.REFRESH)
          || (!Realm.named(Config.value(own, Words.NAME)) && own.hasAttribute(Words.INIT_STATUS))) {
        left.add(to.strip());
      } else {
        turn.session().modify(own.getDN(), Links.set(Words.ENABLED, "off"));
        turn.session().modify(own.getDN(), Links.set(Words.ENABLED, "on"));
        poked.add(to.strip());
      }
    }
    return Details.of("poked", String.join(",", poked)).with("left", String.join(",", left));
  }

  /** One that was stopped and never started again is seen; a start leaves no trace. */
  @Override
  public Inspection inspect(Turn turn) {
    return new Inspection.NotApplied("it leaves no trace, and may be done again");
  }
}
