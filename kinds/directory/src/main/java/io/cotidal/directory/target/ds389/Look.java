package io.cotidal.directory.target.ds389;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchResultEntry;
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
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One look at one server: its configuration, then its vector. The entries are counted, and its
 * clock is read, only when something asks for it. Thread-safe.
 */
final class Look {
  private static final Duration CLOCK = Duration.ofMinutes(5);
  private static final String MONITOR = "cn=monitor";
  private static final String TIME = "currentTime";
  private static final long HALF_SECOND = 500;

  private final Lines lines;
  private final Realm realm;
  private final InstantSource clock;
  private final ConcurrentHashMap<Server, Skew> skews = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Server, Counted> counts = new ConcurrentHashMap<>();

  /** A clock's difference, and until when it is believed. */
  private record Skew(long millis, Deadline good) {}

  /** A count, and the vector with which it was made: while that stands, so does the count. */
  private record Counted(Vector vector, long entries) {}

  Look(Lines lines, Realm realm, InstantSource clock) {
    this.lines = lines;
    this.realm = realm;
    this.clock = clock;
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
        skews.remove(server);
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
    Config config = Config.read(session, realm);
    Facts facts = new Facts(realm);
    Content content =
        config.tree() == null ? new Content(false, Vector.NONE) : Content.read(session, realm);
    // What a member that takes part in nothing once took part in is of no use to anybody.
    Vector vector = config.replica() == null ? Vector.NONE : content.vector();
    DirectoryFacts found =
        new DirectoryFacts(
            config.version(),
            config.tree() != null,
            content.filling(),
            entries(server, config, new Content(content.filling(), vector), session),
            facts.replica(config),
            vector,
            facts.agreements(config, known),
            Facts.cleanings(config),
            config.machine(),
            config.changelogSeconds(),
            skew(server, session));
    return new Observation.Seen<>(
        found, new Host(Host.Process.UNKNOWN, config.stamp(), Details.NONE));
  }

  private long entries(Server server, Config config, Content content, Session session)
      throws LDAPException {
    if (config.tree() == null) {
      return 0;
    }
    if (content.filling() || content.vector().elements().size() > 1) {
      return -1;
    }
    Counted before = counts.get(server);
    if (before != null
        && before.vector().initialised()
        && before.vector().equals(content.vector())) {
      return before.entries();
    }
    try {
      long entries = Content.count(session, realm);
      counts.put(server, new Counted(content.vector(), entries));
      return entries;
    } catch (LDAPException e) {
      if (Trouble.filling(e)) {
        return -1;
      }
      throw e;
    }
  }

  private long skew(Server server, Session session) throws LDAPException {
    Skew before = skews.get(server);
    if (before != null && !before.good().over()) {
      return before.millis();
    }
    long sent = clock.millis();
    SearchResultEntry monitor = session.entry(MONITOR, TIME);
    long came = clock.millis();
    long millis =
        Optional.ofNullable(monitor)
            .map(entry -> entry.getAttributeValueAsDate(TIME))
            .map(theirs -> theirs.toInstant().toEpochMilli() + HALF_SECOND - (sent + came) / 2)
            .orElse(0L);
    skews.put(server, new Skew(millis, Deadline.in(CLOCK)));
    return millis;
  }

  /** How far the clock of a server was ahead when it was read last; null if it was not. */
  @Nullable Long skew(Server server) {
    Skew known = skews.get(server);
    return known == null ? null : known.millis();
  }
}
