package io.cotidal.directory.openldap;

import com.unboundid.ldap.sdk.LDAPException;
import io.cotidal.directory.ldap.Lines;
import io.cotidal.directory.ldap.Session;
import io.cotidal.directory.ldap.Trouble;
import io.cotidal.directory.observe.DirectoryFacts;
import io.cotidal.directory.observe.Vector;
import io.cotidal.directory.spec.Server;
import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.Observation;
import io.cotidal.remote.Deadline;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One look at one server: its configuration, then its suffix entry. The entries are counted only
 * when something asks for it. Thread-safe.
 */
final class Look {
  private static final String VERSION = "OpenLDAP";

  private final Lines lines;
  private final Realm realm;
  private final ConcurrentHashMap<Server, Counted> counts = new ConcurrentHashMap<>();

  /** A count, and the content with which it was made: while that stands, so does the count. */
  private record Counted(Content content, long entries) {}

  Look(Lines lines, Realm realm) {
    this.lines = lines;
    this.realm = realm;
  }

  /** Looks. */
  Observation<DirectoryFacts> at(Server server, List<Server> known, Deadline deadline) {
    long began = System.nanoTime();
    try {
      return lines.with(server, deadline, true, session -> seen(server, known, session));
    } catch (LDAPException e) {
      Trouble trouble = Trouble.of(e);
      if (trouble.kind() == Trouble.Kind.REFUSED) {
        counts.remove(server);
      }
      return switch (trouble.kind()) {
        case REFUSED -> new Observation.Refused<>(trouble.reason(), Host.UNKNOWN);
        case SILENT -> new Observation.Silent<>(System.nanoTime() - began, Host.UNKNOWN);
        case FILLING, REJECTED, UNCLEAR ->
            new Observation.CannotTell<>(trouble.reason(), Host.UNKNOWN);
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Observation.CannotTell<>("the look was interrupted", Host.UNKNOWN);
    }
  }

  private Observation<DirectoryFacts> seen(Server server, List<Server> known, Session session)
      throws LDAPException {
    Slapd slapd = Slapd.read(session, realm);
    Content content =
        slapd.database() == null ? new Content("", Csns.NONE) : Content.read(session, realm);
    Facts facts = new Facts(realm, slapd);
    boolean filling = facts.notes().partly(content, slapd.syncs(realm));
    DirectoryFacts found =
        new DirectoryFacts(
            VERSION,
            slapd.database() != null,
            filling,
            entries(server, slapd, content, filling, session),
            facts.replica(),
            vector(slapd, content, filling),
            facts.agreements(known, filling),
            List.of(),
            "",
            0,
            0);
    return new Observation.Seen<>(
        found, new Host(Host.Process.UNKNOWN, Seal.leader(slapd, realm), Details.NONE));
  }

  /** Half a data set is none, and so is that of a server that takes part in nothing. */
  private static Vector vector(Slapd slapd, Content content, boolean filling) {
    return slapd.prepared() && !filling ? content.csns().vector(content.generation()) : Vector.NONE;
  }

  private long entries(
      Server server, Slapd slapd, Content content, boolean filling, Session session)
      throws LDAPException {
    if (content.generation().isEmpty()) {
      return 0;
    }
    boolean others =
        content.csns().latest().keySet().stream().anyMatch(id -> id != 0 && id != slapd.id());
    if (filling || (slapd.prepared() && others)) {
      return -1;
    }
    Counted before = counts.get(server);
    if (before != null && !content.csns().latest().isEmpty() && before.content().equals(content)) {
      return before.entries();
    }
    long entries = Content.count(session, realm);
    counts.put(server, new Counted(content, entries));
    return entries;
  }
}
