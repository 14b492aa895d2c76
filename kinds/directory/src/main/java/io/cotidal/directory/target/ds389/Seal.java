package io.cotidal.directory.target.ds389;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.RDN;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import io.cotidal.directory.ldap.Session;
import io.cotidal.model.Stamp;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest stamp that a server has seen, for the server as a whole and for each part of it on
 * which acts run side by side.
 *
 * <p>A change of a value below {@code cn=config} is not atomic: of two that come at once, both are
 * told that theirs took effect, and one is lost. Adding an entry is. So whoever comes adds an entry
 * named after its stamp, and reads all that are there: if one of them is newer, it turns back. Of
 * two that come at once at least the older one sees the other, or was there before it. Only what is
 * older than an entry that is there is ever cleared away.
 */
final class Seal {
  /** How the names of stamps begin. */
  static final String PREFIX = "stamp ";

  /** The part that stands for the server as a whole: what a new leader stamps. */
  static final String LEADER = "leader";

  /** To add a stamp while others do the same. */
  private static final int ATTEMPTS = 5;

  private final Session session;
  private final Realm realm;

  Seal(Session session, Realm realm) {
    this.session = session;
    this.realm = realm;
  }

  /**
   * A stamp that somebody left.
   *
   * @param part to which it belongs
   */
  record Left(String dn, String part, Stamp stamp) {}

  /**
   * Comes to a part of the server.
   *
   * @return the newer stamp that forbids it; null if there is none
   */
  @Nullable Stamp enter(String part, Stamp stamp) throws LDAPException {
    List<Left> all = read();
    Stamp newer = forbids(all, part, stamp);
    if (newer != null) {
      return newer;
    }
    if (newest(all, LEADER).epoch() < stamp.epoch()) {
      leave(LEADER, leader(stamp));
    }
    leave(part, stamp);
    all = read();
    newer = forbids(all, part, stamp);
    if (newer == null) {
      clear(all, part, stamp);
    }
    return newer;
  }

  /** The newest that a leader left. */
  Stamp leader() throws LDAPException {
    return newest(read(), LEADER);
  }

  private static @Nullable Stamp forbids(List<Left> all, String part, Stamp stamp) {
    Stamp leader = newest(all, LEADER);
    if (leader.epoch() > stamp.epoch() || (part.equals(LEADER) && leader.refuses(stamp))) {
      return leader;
    }
    Stamp own = newest(all, part);
    return own.refuses(stamp) ? own : null;
  }

  static Stamp newest(List<Left> all, String part) {
    return all.stream()
        .filter(left -> left.part().equals(part))
        .map(Left::stamp)
        .max(Stamp::compareTo)
        .orElse(Stamp.NONE);
  }

  private List<Left> read() throws LDAPException {
    List<Left> all = new ArrayList<>();
    try {
      for (SearchResultEntry each :
          session.search(
              realm.own(),
              SearchScope.ONE,
              Filter.createSubstringFilter(Words.NAME, PREFIX, null, null),
              Words.NAME)) {
        left(each, realm, all);
      }
    } catch (LDAPException e) {
      if (!e.getResultCode().equals(ResultCode.NO_SUCH_OBJECT)) {
        throw e;
      }
    }
    return all;
  }

  /** Takes an entry in if it is a stamp of ours. */
  static void left(SearchResultEntry entry, Realm realm, List<Left> all) {
    String name = Config.value(entry, Words.NAME);
    int space = name.lastIndexOf(' ');
    if (name.startsWith(PREFIX)
        && space > PREFIX.length()
        && entry.getDN().toLowerCase(java.util.Locale.ROOT).endsWith("," + realm.own())) {
      try {
        Stamp stamp = Stamp.parse(name.substring(space + 1));
        all.add(new Left(entry.getDN(), name.substring(PREFIX.length(), space), stamp));
      } catch (IllegalArgumentException e) {
        // Somebody else's entry below ours: a stamp always parses.
        return;
      }
    }
  }

  private void leave(String part, Stamp stamp) throws LDAPException {
    String name = PREFIX + part + " " + stamp;
    String dn = new RDN(Words.NAME, name) + "," + realm.own();
    try {
      put(dn, name);
    } catch (LDAPException e) {
      if (!e.getResultCode().equals(ResultCode.NO_SUCH_OBJECT)) {
        throw e;
      }
      put(realm.own(), realm.mark());
      put(dn, name);
    }
  }

  /**
   * 389 DS answers "operations error" to one of several additions to its configuration at once, and
   * that leaves open whether the entry is in memory, on disk, or neither. So it is taken away and
   * added once more: nobody counts on it yet.
   */
  private void put(String dn, String name) throws LDAPException {
    for (int attempt = 1; ; attempt++) {
      try {
        session.add(
            dn,
            List.of(
                new Attribute(Words.CLASS, "top", "extensibleObject"),
                new Attribute(Words.NAME, name)));
        return;
      } catch (LDAPException e) {
        if (e.getResultCode().equals(ResultCode.ENTRY_ALREADY_EXISTS)) {
          return;
        }
        if (!e.getResultCode().equals(ResultCode.OPERATIONS_ERROR) || attempt == ATTEMPTS) {
          throw e;
        }
        if (!takenAway(dn)) {
          return;
        }
      }
    }
  }

  /** False if somebody's stamp lies below it by now: then it is there. */
  private boolean takenAway(String dn) throws LDAPException {
    try {
      session.delete(dn);
      return true;
    } catch (LDAPException e) {
      if (e.getResultCode().equals(ResultCode.NOT_ALLOWED_ON_NONLEAF)) {
        return false;
      }
      throw e;
    }
  }

  /** Takes away what ours makes superfluous. */
  private void clear(List<Left> all, String part, Stamp stamp) throws LDAPException {
    for (Left each : all) {
      if (outdated(each, part, stamp)) {
        session.delete(each.dn());
      }
    }
  }

  private static boolean outdated(Left left, String part, Stamp stamp) {
    if (left.part().equals(part)) {
      return left.stamp().compareTo(stamp) < 0;
    }
    return left.part().equals(LEADER)
        ? left.stamp().compareTo(leader(stamp)) < 0
        : left.stamp().epoch() < stamp.epoch();
  }

  private static Stamp leader(Stamp stamp) {
    return new Stamp(stamp.epoch(), 0);
  }
}
