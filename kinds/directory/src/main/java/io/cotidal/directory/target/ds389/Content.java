package io.cotidal.directory.target.ds389;

import com.unboundid.ldap.sdk.DereferencePolicy;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import io.cotidal.directory.ldap.Bird;
import io.cotidal.directory.ldap.Session;
import io.cotidal.directory.ldap.Trouble;
import io.cotidal.directory.observe.Vector;
import java.util.List;

/**
 * What a server holds below the suffix.
 *
 * @param filling whether it is being filled, and answers nothing of that
 */
record Content(boolean filling, Vector vector) {
  /** Up to here entries are counted: who has more has enough not to be overwritten. */
  static final int COUNTED = 10_000;

  private static final Filter VECTOR =
      Filter.createANDFilter(
          Filter.createEqualityFilter(Words.CLASS, Words.TOMBSTONE),
          Filter.createEqualityFilter(Words.UNIQUE_ID, Words.VECTOR_ID));

  /** Entries, those that the server hides too, but not what replication itself makes. */
  static final Filter ENTRIES =
      Filter.createANDFilter(
          Filter.createORFilter(
              Filter.createPresenceFilter(Words.CLASS),
              Filter.createEqualityFilter(Words.CLASS, "ldapsubentry")),
          Filter.createNOTFilter(
              Filter.createSubstringFilter(Words.NAME, "repl keep alive", null, null)),
          Filter.createNOTFilter(
              Filter.createSubstringFilter(Words.NAME, Bird.PREFIX, null, null)));

  /** Reads the vector: one operation. */
  static Content read(Session session, Realm realm) throws LDAPException {
    try {
      SearchResultEntry entry = vectorEntry(session, realm);
      String[] values = entry == null ? null : entry.getAttributeValues(Words.VECTOR);
      return new Content(false, values == null ? Vector.NONE : parsed(values));
    } catch (LDAPSearchException e) {
      if (Trouble.filling(e)) {
        return new Content(true, Vector.NONE);
      }
      if (e.getResultCode().equals(ResultCode.NO_SUCH_OBJECT)) {
        return new Content(false, Vector.NONE);
      }
      throw e;
    }
  }

  private static Vector parsed(String... values) throws LDAPException {
    try {
      return Ruv.parse(values);
    } catch (IllegalArgumentException e) {
      throw new LDAPException(ResultCode.DECODING_ERROR, Trouble.line(e), e);
    }
  }

  /** The entry that holds the vector; null if there is none. */
  static @org.jspecify.annotations.Nullable SearchResultEntry vectorEntry(
      Session session, Realm realm) throws LDAPException {
    List<SearchResultEntry> found =
        session.search(realm.suffix(), SearchScope.SUB, VECTOR, Words.VECTOR);
    return found.isEmpty() ? null : found.getFirst();
  }

  /** How many entries there are, as far as they are counted. */
  static long count(Session session, Realm realm) throws LDAPException {
    SearchRequest request =
        new SearchRequest(
            realm.suffix(),
            SearchScope.SUB,
            DereferencePolicy.NEVER,
            COUNTED,
            0,
            false,
            ENTRIES,
            SearchRequest.NO_ATTRIBUTES);
    try {
      return session.search(request).getEntryCount();
    } catch (LDAPSearchException e) {
      if (e.getResultCode().equals(ResultCode.SIZE_LIMIT_EXCEEDED)) {
        return e.getEntryCount();
      }
      if (e.getResultCode().equals(ResultCode.NO_SUCH_OBJECT)) {
        return 0;
      }
      throw e;
    }
  }
}
