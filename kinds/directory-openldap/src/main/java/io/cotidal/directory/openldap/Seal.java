package io.cotidal.directory.openldap;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.ResultCode;
import io.cotidal.directory.ldap.Session;
import io.cotidal.model.Stamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The newest stamp that a server has seen, for the server as a whole and for each part of it on
 * which acts run side by side. All stand in one value of one entry below {@code cn=config}; whoever
 * comes takes the value that it read away and puts the new one there in one operation, which slapd
 * does alone and wholly or not at all. So of two that come at once one must read again.
 */
final class Seal {
  /** The part that stands for the server as a whole: what a new leader stamps. */
  static final String LEADER = "leader";

  private static final String STAMPS = "stamps";
  private static final int TRIES = 100;

  private final Session session;
  private final Realm realm;

  Seal(Session session, Realm realm) {
    this.session = session;
    this.realm = realm;
  }

  /**
   * Comes to a part of the server.
   *
   * @return the newer stamp that forbids it; null if there is none
   */
  @Nullable Stamp enter(String part, Stamp stamp) throws LDAPException {
    for (int i = 0; i < TRIES; i++) {
      List<String> before = read(Slapd.read(session, realm), realm);
      if (before.isEmpty()) {
        // Empty, so that two that make it at once make the same one.
        Notes.put(session, realm, STAMPS);
        continue;
      }
      SortedMap<String, Stamp> all = parsed(before);
      Stamp newer = forbids(all, part, stamp);
      if (newer != null) {
        return newer;
      }
      if (exchanged(before, written(all, part, stamp))) {
        return null;
      }
    }
    throw new LDAPException(ResultCode.BUSY, "too many come to this server at once");
  }

  private boolean exchanged(List<String> before, String after) throws LDAPException {
    if (before.equals(List.of(after))) {
      return true;
    }
    List<Modification> changes = new ArrayList<>();
    for (String each : before) {
      changes.add(new Modification(ModificationType.DELETE, Words.NOTES, realm.mark() + each));
    }
    changes.add(new Modification(ModificationType.ADD, Words.NOTES, realm.mark() + after));
    try {
      session.modify(Notes.home(session, realm).getDN(), changes);
      return true;
    } catch (LDAPException e) {
      if (e.getResultCode().equals(ResultCode.NO_SUCH_ATTRIBUTE)) {
        return false;
      }
      throw e;
    }
  }

  /** The newest that a leader left. */
  static Stamp leader(Slapd slapd, Realm realm) {
    return parsed(read(slapd, realm)).getOrDefault(LEADER, Stamp.NONE);
  }

  private static @Nullable Stamp forbids(Map<String, Stamp> all, String part, Stamp stamp) {
    Stamp leader = all.getOrDefault(LEADER, Stamp.NONE);
    if (leader.epoch() > stamp.epoch() || (part.equals(LEADER) && leader.refuses(stamp))) {
      return leader;
    }
    Stamp own = all.getOrDefault(part, Stamp.NONE);
    return own.refuses(stamp) ? own : null;
  }

  private static List<String> read(Slapd slapd, Realm realm) {
    return Notes.texts(slapd, realm).stream()
        .filter(text -> text.equals(STAMPS) || text.startsWith(STAMPS + " "))
        .toList();
  }

  private static SortedMap<String, Stamp> parsed(List<String> texts) {
    TreeMap<String, Stamp> all = new TreeMap<>();
    for (String text : texts) {
      for (String one : text.substring(STAMPS.length()).strip().split("\\|", -1)) {
        int equals = one.lastIndexOf('=');
        if (equals > 0) {
          Stamp stamp = Stamp.parse(one.substring(equals + 1));
          all.merge(one.substring(0, equals), stamp, (a, b) -> a.compareTo(b) < 0 ? b : a);
        }
      }
    }
    return all;
  }

  /** What a new leader makes superfluous is left out. */
  private static String written(SortedMap<String, Stamp> before, String part, Stamp stamp) {
    TreeMap<String, Stamp> after = new TreeMap<>(before);
    after.values().removeIf(each -> each.epoch() < stamp.epoch());
    after.put(part, stamp);
    after.putIfAbsent(LEADER, new Stamp(stamp.epoch(), 0));
    StringBuilder text = new StringBuilder(STAMPS);
    after.forEach((name, each) ->
        text.append(text.length() == STAMPS.length() ? " " : "|")
            .append(name)
            .append('=')
            .append(each));
    return text.toString();
  }
}
