package io.cotidal.directory.target.ds389;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.RDN;
import io.cotidal.directory.plan.Acts;
import io.cotidal.directory.spec.Server;
import io.cotidal.directory.target.Servers;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** An entry that is written here and must be seen everywhere. */
final class Canary implements Act {
  /** How the names of canaries begin. */
  static final String PREFIX = "cotidal canary";

  private static final Duration LOOK = Duration.ofMillis(10);

  @Override
  public String part(Servers.Order order) {
    return "canary";
  }

  private static String name(Turn turn) {
    return "%s %s %d".formatted(PREFIX, turn.server().id(), turn.order().stamp().number());
  }

  private static String dn(Turn turn) {
    return new RDN(Words.NAME, name(turn)) + "," + turn.realm().suffix();
  }

  @Override
  public Details act(Turn turn) throws LDAPException, InterruptedException, ActFailed {
    List<Server> waiting = new ArrayList<>();
    for (String member : turn.argument(Acts.MEMBERS).split(",", -1)) {
      waiting.add(turn.server(member.strip()));
    }
    // One of an attempt that was cut off may still be there, and everywhere.
    turn.session().delete(dn(turn));
    String attempt = turn.order().stamp().toString();
    turn.session()
        .add(
            dn(turn),
            List.of(
                new Attribute(Words.CLASS, "top", "applicationProcess"),
                new Attribute(Words.NAME, name(turn)),
                new Attribute(Words.DESCRIPTION, attempt)));
    try {
      return seen(turn, waiting, attempt);
    } finally {
      turn.session().delete(dn(turn));
    }
  }

  private static Details seen(Turn turn, List<Server> waiting, String attempt)
      throws LDAPException, InterruptedException, ActFailed {
    long written = System.nanoTime();
    Details found = Details.NONE;
    while (true) {
      for (Iterator<Server> each = waiting.iterator(); each.hasNext(); ) {
        Server server = each.next();
        if (shows(turn, server, attempt)) {
          long millis = Duration.ofNanos(System.nanoTime() - written).toMillis();
          found = found.with("millis." + server.id(), millis);
          each.remove();
        }
      }
      if (waiting.isEmpty()) {
        return found;
      }
      if (turn.deadline().most().over()) {
        throw new ActFailed(
            "what is written here is not seen on "
                + String.join(", ", waiting.stream().map(one -> one.id().name()).toList()));
      }
      turn.deadline().pause(LOOK);
    }
  }

  private static boolean shows(Turn turn, Server server, String attempt)
      throws LDAPException, InterruptedException {
    try {
      return turn.elsewhere(
          server,
          session -> {
            var entry = session.entry(dn(turn), Words.DESCRIPTION);
            return entry != null && Config.value(entry, Words.DESCRIPTION).equals(attempt);
          });
    } catch (LDAPException e) {
      if (Content.filling(e)) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public Inspection inspect(Turn turn) {
    return new Inspection.NotApplied("a proof holds for its moment: it is made anew");
  }
}
