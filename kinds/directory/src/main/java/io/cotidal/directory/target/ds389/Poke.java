package io.cotidal.directory.target.ds389;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchResultEntry;
import io.cotidal.directory.ldap.ActFailed;
import io.cotidal.directory.ldap.Rooms;
import io.cotidal.directory.plan.Acts;
import io.cotidal.directory.target.Servers;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Stops agreements and starts them, which ends the pause between their attempts. One that somebody
 * else made, and over which a consumer was filled since the server's start, is left alone: if it
 * was told to fill as it was made, starting it fills the consumer again.
 *
 * <p>An agreement at which another act is at work is left alone, too: one that is started by one
 * while it is still being stopped by another is enabled afterwards, says that all is well, and
 * never sends again.
 */
final class Poke implements Act {
  private static final Duration OTHERS = Duration.ofSeconds(5);

  @Override
  public String part(Servers.Order order) {
    return "poke";
  }

  @Override
  public Details act(Turn turn) throws LDAPException, InterruptedException, ActFailed {
    List<String> poked = new ArrayList<>();
    List<String> left = new ArrayList<>();
    for (String name : turn.argument(Acts.TO).split(",", -1)) {
      String to = name.strip();
      Rooms.Held held = turn.world().rooms().enterWithin(turn.server(), Link.room(to), OTHERS);
      if (held == null) {
        left.add(to);
        continue;
      }
      try (held) {
        (poke(turn, to) ? poked : left).add(to);
      }
    }
    return Details.of("poked", String.join(",", poked)).with("left", String.join(",", left));
  }

  private static boolean poke(Turn turn, String to) throws LDAPException, ActFailed {
    Config config = Config.read(turn.session(), turn.realm());
    SearchResultEntry own = Links.to(turn.server(to), config, turn).own();
    if (own == null
        || own.hasAttribute(Words.REFRESH)
        || (!Realm.named(Config.value(own, Words.NAME)) && own.hasAttribute(Words.INIT_STATUS))) {
      return false;
    }
    turn.session().modify(own.getDN(), Links.set(Words.ENABLED, "off"));
    turn.session().modify(own.getDN(), Links.set(Words.ENABLED, "on"));
    return true;
  }

  /** One that was stopped and never started again is seen; a start leaves no trace. */
  @Override
  public Inspection inspect(Turn turn) {
    return new Inspection.NotApplied("it leaves no trace, and may be done again");
  }
}
