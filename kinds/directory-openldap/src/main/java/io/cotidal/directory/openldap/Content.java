package io.cotidal.directory.openldap;

import com.unboundid.ldap.sdk.DereferencePolicy;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResult;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import io.cotidal.directory.ldap.Bird;
import io.cotidal.directory.ldap.Session;
import io.cotidal.directory.ldap.Trouble;

/**
 * What a server holds below the suffix.
 *
 * @param generation the unique id of the suffix entry, which names the data set; empty if there is
 *     no suffix entry
 */
record Content(String generation, Csns csns) {
  /** Up to here entries are counted: who has more has enough not to be overwritten. */
  static final int COUNTED = 10_000;

  /** Entries, but not what a proof leaves for a moment. */
  static final Filter ENTRIES =
      Filter.createANDFilter(
          Filter.createPresenceFilter(Words.CLASS),
          Filter.createNOTFilter(
              Filter.createSubstringFilter(Words.NAME, Bird.PREFIX, null, null)));

  /** Reads the suffix entry: one operation. */
  static Content read(Session session, Realm realm) throws LDAPException {
    SearchResultEntry entry = session.entry(realm.suffix(), Words.VECTOR, Words.UNIQUE_ID);
    if (entry == null) {
      return new Content("", Csns.NONE);
    }
    String id = Words.value(entry, Words.UNIQUE_ID);
    if (id.isEmpty()) {
      throw new LDAPException(
          ResultCode.INSUFFICIENT_ACCESS_RIGHTS, "the account may not read the suffix entry");
    }
    try {
      return new Content(id, Csns.parse(Words.values(entry, Words.VECTOR)));
    } catch (IllegalArgumentException e) {
      throw new LDAPException(ResultCode.DECODING_ERROR, Trouble.line(e), e);
    }
  }

  /** How many entries there are, as far as they are counted. */
  static long count(Session session, Realm realm) throws LDAPException {
    return count(session, realm, COUNTED);
  }

  /**
   * How many entries there are.
   *
   * @param most up to which they are counted; 0 for all
   */
  static long count(Session session, Realm realm, int most) throws LDAPException {
    SearchRequest request =
        new SearchRequest(
            realm.suffix(),
            SearchScope.SUB,
            DereferencePolicy.NEVER,
            most,
            0,
            false,
            ENTRIES,
            SearchRequest.NO_ATTRIBUTES);
    try {
      SearchResult result = session.search(request);
      return (long) result.getEntryCount() + result.getReferenceCount();
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
