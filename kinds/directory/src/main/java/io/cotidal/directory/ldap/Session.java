package io.cotidal.directory.ldap;

import com.unboundid.ldap.sdk.AddRequest;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.DeleteRequest;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModifyRequest;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResult;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import io.cotidal.remote.Deadline;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection and the time that is left for what is done over it. For one thread. */
public record Session(LDAPConnection connection, Deadline deadline) {

  /** Asks for what a request says. */
  public SearchResult search(SearchRequest request) throws LDAPException {
    request.setResponseTimeoutMillis(Dial.millis(deadline));
    return connection.search(request);
  }

  /** The entries below a base that a filter lets through. */
  public List<SearchResultEntry> search(
      String base, SearchScope scope, Filter filter, String... attributes) throws LDAPException {
    return search(new SearchRequest(base, scope, filter, attributes)).getSearchEntries();
  }

  /** One entry; null if it is not there. */
  public @Nullable SearchResultEntry entry(String dn, String... attributes) throws LDAPException {
    try {
      List<SearchResultEntry> found =
          search(dn, SearchScope.BASE, Filter.createPresenceFilter("objectClass"), attributes);
      return found.isEmpty() ? null : found.getFirst();
    } catch (LDAPSearchException e) {
      if (e.getResultCode().equals(ResultCode.NO_SUCH_OBJECT)) {
        return null;
      }
      throw e;
    }
  }

  /** Adds an entry. */
  public void add(String dn, List<Attribute> attributes) throws LDAPException {
    AddRequest request = new AddRequest(new Entry(dn, attributes));
    request.setResponseTimeoutMillis(Dial.millis(deadline));
    connection.add(request);
  }

  /** Changes an entry: all or nothing, as far as the server keeps to the protocol. */
  public void modify(String dn, List<Modification> changes) throws LDAPException {
    ModifyRequest request = new ModifyRequest(dn, changes);
    request.setResponseTimeoutMillis(Dial.millis(deadline));
    connection.modify(request);
  }

  /** Without effect if it is not there. */
  public void delete(String dn) throws LDAPException {
    DeleteRequest request = new DeleteRequest(dn);
    request.setResponseTimeoutMillis(Dial.millis(deadline));
    try {
      connection.delete(request);
    } catch (LDAPException e) {
      if (!e.getResultCode().equals(ResultCode.NO_SUCH_OBJECT)) {
        throw e;
      }
    }
  }
}
