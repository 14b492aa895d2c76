package io.cotidal.directory.ldap;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.RDN;
import com.unboundid.ldap.sdk.SearchResultEntry;
import io.cotidal.directory.spec.Server;
import io.cotidal.model.Details;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * A canary: an entry that is written on one server and must be seen on others.
 *
 * @param name of the entry
 * @param suffix below which it is written
 * @param attempt tells it from one of an attempt that was cut off
 */
public record Bird(String name, String suffix, String attempt) {
  /** How the names of canaries begin. */
  public static final String PREFIX = "cotidal canary";

  private static final String NAME = "cn";
  private static final String TEXT = "description";
  private static final Duration LOOK = Duration.ofMillis(10);

  /**
   * Where it was seen.
   *
   * @param millis {@code millis.MEMBER}, how long that took
   * @param missing where it was not until the end of the time
   */
  public record Seen(Details millis, List<Server> missing) {
    /** Copies the list. */
    public Seen {
      missing = List.copyOf(missing);
    }
  }

  private String dn() {
    return new RDN(NAME, name) + "," + suffix;
  }

  /** Writes it, waits until all show it, and takes it away again. */
  public Seen fly(Session session, Lines lines, List<Server> all)
      throws LDAPException, InterruptedException {
    // One of an attempt that was cut off may still be there, and everywhere.
    session.delete(dn());
    session.add(
        dn(),
        List.of(
            new Attribute("objectClass", "top", "applicationProcess"),
            new Attribute(NAME, name),
            new Attribute(TEXT, attempt)));
    try {
      return seen(session, lines, all);
    } finally {
      session.delete(dn());
    }
  }

  private Seen seen(Session session, Lines lines, List<Server> all)
      throws LDAPException, InterruptedException {
    long written = System.nanoTime();
    List<Server> waiting = new ArrayList<>(all);
    Details found = Details.NONE;
    while (true) {
      for (Iterator<Server> each = waiting.iterator(); each.hasNext(); ) {
        Server server = each.next();
        if (lines.with(server, session.deadline(), true, this::shows)) {
          long millis = Duration.ofNanos(System.nanoTime() - written).toMillis();
          found = found.with("millis." + server.id(), millis);
          each.remove();
        }
      }
      if (waiting.isEmpty() || session.deadline().most().over()) {
        return new Seen(found, waiting);
      }
      session.deadline().pause(LOOK);
    }
  }

  private boolean shows(Session session) throws LDAPException {
    try {
      SearchResultEntry entry = session.entry(dn(), TEXT);
      return entry != null && attempt.equals(entry.getAttributeValue(TEXT));
    } catch (LDAPException e) {
      if (Trouble.filling(e)) {
        return false;
      }
      throw e;
    }
  }
}
