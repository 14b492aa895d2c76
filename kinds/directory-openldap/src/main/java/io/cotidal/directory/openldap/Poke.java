package io.cotidal.directory.openldap;

import com.unboundid.ldap.sdk.LDAPException;
import io.cotidal.directory.ldap.ActFailed;
import io.cotidal.directory.ldap.Rooms;
import io.cotidal.directory.ldap.Session;
import io.cotidal.directory.plan.Acts;
import io.cotidal.directory.spec.Server;
import io.cotidal.directory.target.Servers;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.Stamp;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets consumers that lack something try again at once: each order to fetch from here is taken away
 * and made again, in one operation, which begins a new session. The orders lie on the consumers:
 * each is asked by its own stamp.
 */
final class Poke implements Act {

  @Override
  public String part(Servers.Order order) {
    return "poke";
  }

  @Override
  public Details act(Turn turn) throws LDAPException, InterruptedException, ActFailed {
    Csns here = turn.content().csns();
    List<String> poked = new ArrayList<>();
    List<String> left = new ArrayList<>();
    for (String name : turn.argument(Acts.TO).split(",", -1)) {
      Server to = turn.server(name.strip());
      Boolean done =
          turn.elsewhere(to, session -> lacks(turn, session, here) && poke(turn, to, session));
      (done ? poked : left).add(name.strip());
    }
    return Details.of("poked", String.join(",", poked)).with("left", String.join(",", left));
  }

  private static boolean lacks(Turn turn, Session session, Csns here) throws LDAPException {
    return !Content.read(session, turn.realm()).csns().covers(here);
  }

  private static boolean poke(Turn turn, Server to, Session session)
      throws LDAPException, InterruptedException {
    try (Rooms.Held _ = turn.world().rooms().enter(to, Act.CONFIGURATION, turn.deadline())) {
      Slapd slapd = Slapd.read(session, turn.realm());
      List<Sync> ours = Links.from(turn.server(), slapd, turn).ours();
      if (ours.isEmpty()) {
        return false;
      }
      String part = "poke from " + turn.server().id();
      Stamp newer = new Seal(session, turn.realm()).enter(part, turn.order().stamp());
      if (newer != null) {
        return false;
      }
      Links.exchange(new Turn(to, turn.order(), session, turn.world()), slapd, ours, ours);
      return true;
    } catch (ActFailed e) {
      // It has no database any more.
      return false;
    }
  }

  @Override
  public Inspection inspect(Turn turn) {
    return new Inspection.NotApplied("it leaves no trace, and may be done again");
  }
}
