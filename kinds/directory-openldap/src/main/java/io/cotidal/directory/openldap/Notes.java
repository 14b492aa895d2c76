package io.cotidal.directory.openldap;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchResultEntry;
import io.cotidal.directory.ldap.Session;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What we noted about a directory on one server: which orders to fetch are ours and from whom, and
 * that it is being filled.
 *
 * @param edges the supplier of each order of ours, by the order's number
 * @param filling from whom it is being filled
 */
record Notes(SortedMap<Integer, String> edges, List<String> filling) {
  private static final String EDGE = "edge ";

  /** How notes about a filling begin. */
  static final String FILL = "fill ";

  private static final String NULL = "back_null";

  /** Copies them. */
  Notes {
    edges = Collections.unmodifiableSortedMap(new TreeMap<>(edges));
    filling = List.copyOf(filling);
  }

  /** Of the entry that bears them. */
  static Notes of(Slapd slapd, Realm realm) {
    TreeMap<Integer, String> edges = new TreeMap<>();
    List<String> all = texts(slapd, realm);
    for (String text : all) {
      if (text.matches(EDGE + "[0-9]{3} .+")) {
        int number = EDGE.length();
        edges.put(Integer.parseInt(text.substring(number, number + 3)), text.substring(number + 4));
      }
    }
    return new Notes(
        edges,
        all.stream()
            .filter(text -> text.startsWith(FILL))
            .map(text -> text.substring(FILL.length()))
            .toList());
  }

  /** All notes of this directory, without the mark. */
  static List<String> texts(Slapd slapd, Realm realm) {
    return slapd.home() == null
        ? List.of()
        : Words.values(slapd.home(), Words.NOTES).stream()
            .filter(value -> value.startsWith(realm.mark()))
            .map(value -> value.substring(realm.mark().length()))
            .toList();
  }

  static String edge(int rid, String from) {
    return EDGE + "%03d ".formatted(rid) + from;
  }

  static String fill(String from) {
    return FILL + from;
  }

  /**
   * Whether that content is only a part of a data set: a note says that it is being filled, or it
   * fetches and has not been told yet how far it has got. A note goes when somebody has counted,
   * and not before: a slapd that was killed while it was being filled takes the newest entry that
   * it has for how far it has got. Who has nothing and fetches nothing is not being filled,
   * whatever was begun once.
   */
  boolean partly(Content content, List<Sync> syncs) {
    if (content.generation().isEmpty()) {
      return !syncs.isEmpty() && !filling.isEmpty();
    }
    return !filling.isEmpty() || (!syncs.isEmpty() && content.csns().latest().isEmpty());
  }

  /** Writes one; without effect if it is there. */
  static void put(Session session, Realm realm, String text) throws LDAPException {
    try {
      session.modify(
          home(session, realm).getDN(),
          List.of(new Modification(ModificationType.ADD, Words.NOTES, realm.mark() + text)));
    } catch (LDAPException e) {
      if (!e.getResultCode().equals(ResultCode.ATTRIBUTE_OR_VALUE_EXISTS)) {
        throw e;
      }
    }
  }

  /** Takes one away; without effect if it is not there. */
  static void drop(Session session, Realm realm, String text) throws LDAPException {
    SearchResultEntry home = Slapd.read(session, realm).home();
    if (home == null) {
      return;
    }
    try {
      session.modify(
          home.getDN(),
          List.of(new Modification(ModificationType.DELETE, Words.NOTES, realm.mark() + text)));
    } catch (LDAPException e) {
      if (!e.getResultCode().equals(ResultCode.NO_SUCH_ATTRIBUTE)) {
        throw e;
      }
    }
  }

  /** The database that bears them, made if it is missing. */
  static SearchResultEntry home(Session session, Realm realm) throws LDAPException {
    Slapd slapd = Slapd.read(session, realm);
    if (slapd.home() == null) {
      try {
        if (!slapd.loads(NULL)) {
          load(session, slapd, NULL);
        }
        session.add(
            Words.DATABASE + "=null," + Words.CONFIG,
            List.of(
                new Attribute(Words.CLASS, Words.DATABASES, "olcNullConfig", "extensibleObject"),
                new Attribute(Words.DATABASE, "null"),
                new Attribute(Words.SUFFIX, realm.home())));
      } catch (LDAPException e) {
        // Somebody else may have made it in the same moment.
        if (Slapd.read(session, realm).home() == null) {
          throw e;
        }
      }
      slapd = Slapd.read(session, realm);
    }
    return Optional.ofNullable(slapd.home())
        .filter(home -> home.hasObjectClass("extensibleObject"))
        .orElseThrow(() ->
            new LDAPException(
                ResultCode.OBJECT_CLASS_VIOLATION,
                "the database of '%s' is somebody else's: give the replication account another parent"
                    .formatted(realm.home())));
  }

  /** Lets the server load a module. */
  static void load(Session session, Slapd slapd, String module) throws LDAPException {
    if (slapd.modules().isEmpty()) {
      session.add(
          Words.NAME + "=module," + Words.CONFIG,
          List.of(
              new Attribute(Words.CLASS, Words.MODULES),
              new Attribute(Words.NAME, "module"),
              new Attribute(Words.MODULE, module)));
    } else {
      session.modify(
          slapd.modules().getFirst().getDN(),
          List.of(new Modification(ModificationType.ADD, Words.MODULE, module)));
    }
  }
}
