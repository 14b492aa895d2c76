package io.cotidal.bench;

import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPResult;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import io.cotidal.lab.DirectoryServer;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One directory server as a measurement sees it, over a connection that is kept. */
final class DirectoryNode implements AutoCloseable {
  private static final int CONNECT_MILLIS = 1_000;
  private static final long ANSWER_MILLIS = 10_000;
  private static final String NOTHING = "1.1";
  private static final String VECTOR = "nsds50ruv";
  private static final String ELEMENT = "{replica ";
  private static final String COUNTERS = "cn=snmp,cn=monitor";
  private static final String[] COUNTED = {
    "anonymousbinds",
    "simpleauthbinds",
    "strongauthbinds",
    "searchops",
    "compareops",
    "addentryops",
    "modifyentryops",
    "modifyrdnops",
    "removeentryops"
  };

  private final String name;
  private final DirectoryServer server;
  private @Nullable LDAPConnection connection;

  DirectoryNode(String name, DirectoryServer server) {
    this.name = name;
    this.server = server;
  }

  String name() {
    return name;
  }

  DirectoryServer server() {
    return server;
  }

  /** Kills it. */
  void kill() throws IOException {
    server.kill();
    // Nobody reads it: it would pass for one that stands.
    close();
  }

  /** Whether it answers a login and a question. */
  boolean answers() {
    try {
      return connected().getRootDSE() != null;
    } catch (LDAPException e) {
      return false;
    }
  }

  private LDAPConnection connected() throws LDAPException {
    LDAPConnection kept = connection;
    if (kept != null && kept.isConnected()) {
      return kept;
    }
    LDAPConnectionOptions options = new LDAPConnectionOptions();
    options.setConnectTimeoutMillis(CONNECT_MILLIS);
    options.setResponseTimeoutMillis(ANSWER_MILLIS);
    options.setUseSynchronousMode(true);
    LDAPConnection made = new LDAPConnection(options, "127.0.0.1", server.port());
    try {
      LDAPResult _ = made.bind(DirectoryServer.ADMINISTRATOR, server.settings().password());
    } catch (LDAPException e) {
      made.close();
      throw e;
    }
    connection = made;
    return made;
  }

  private static String unit(String unit) {
    return "ou=" + unit + "," + DirectorySet.SUFFIX;
  }

  /** Writes one entry; it is acknowledged when this returns. */
  void write(String unit) throws BenchProblem {
    try {
      LDAPResult _ =
          connected()
              .add(
                  new Entry(
                      unit(unit),
                      new Attribute("objectClass", "top", "organizationalUnit"),
                      new Attribute("ou", unit)));
    } catch (LDAPException e) {
      throw new BenchProblem(name + " does not take a write: " + e.getMessage(), e);
    }
  }

  /** Whether it shows that entry; no while it is down or being filled. */
  boolean shows(String unit) {
    try {
      return connected().getEntry(unit(unit), NOTHING) != null;
    } catch (LDAPException e) {
      return false;
    }
  }

  /** How many entries it has, the suffix among them. */
  int entries() throws BenchProblem {
    try {
      return connected()
          .search(DirectorySet.SUFFIX, SearchScope.SUB, "(objectClass=*)", NOTHING)
          .getEntryCount();
    } catch (LDAPException e) {
      throw unreadable("its entries", e);
    }
  }

  /** Its replica id. */
  int id() throws BenchProblem {
    try {
      SearchResultEntry found =
          connected()
              .searchForEntry(
                  "cn=mapping tree,cn=config",
                  SearchScope.SUB,
                  Filter.createEqualityFilter("objectClass", "nsds5Replica"));
      Integer id = found == null ? null : found.getAttributeValueAsInteger("nsDS5ReplicaId");
      if (id == null) {
        throw new BenchProblem(name + " has no replica id");
      }
      return id;
    } catch (LDAPException e) {
      throw unreadable("its replica id", e);
    }
  }

  /** The replica ids in its vector. */
  Set<Integer> vector() throws BenchProblem {
    Set<Integer> ids = new TreeSet<>();
    try {
      for (SearchResultEntry entry :
          connected()
              .search(
                  DirectorySet.SUFFIX,
                  SearchScope.SUB,
                  "(&(objectClass=nstombstone)(nsUniqueId=ffffffff-ffffffff-ffffffff-ffffffff))",
                  VECTOR)
              .getSearchEntries()) {
        for (String value : entry.getAttributeValues(VECTOR)) {
          if (value.startsWith(ELEMENT)) {
            ids.add(Integer.parseInt(value.substring(ELEMENT.length()).split("[ }]", 2)[0]));
          }
        }
      }
      return ids;
    } catch (LDAPException e) {
      throw unreadable("its vector", e);
    }
  }

  /** How many agreements lead to {@code to}. */
  int agreements(DirectoryNode to) throws BenchProblem {
    try {
      return connected()
          .search(
              "cn=mapping tree,cn=config",
              SearchScope.SUB,
              Filter.createANDFilter(
                  Filter.createEqualityFilter("objectClass", "nsds5ReplicationAgreement"),
                  Filter.createEqualityFilter(
                      "nsDS5ReplicaPort", Integer.toString(to.server.port()))),
              NOTHING)
          .getEntryCount();
    } catch (LDAPException e) {
      throw unreadable("its agreements", e);
    }
  }

  /**
   * How many operations it was ever asked for, this one among them. What servers ask one another
   * for beside writes, to begin and to end a session, is not among those that it counts here.
   */
  long operations() throws BenchProblem {
    try {
      SearchResultEntry counters = connected().getEntry(COUNTERS, COUNTED);
      long sum = 0;
      for (String counted : COUNTED) {
        Long count = counters == null ? null : counters.getAttributeValueAsLong(counted);
        if (count == null) {
          throw new BenchProblem(name + " does not tell its " + counted);
        }
        sum += count;
      }
      return sum;
    } catch (LDAPException e) {
      throw unreadable("its counters", e);
    }
  }

  private BenchProblem unreadable(String what, LDAPException e) {
    return new BenchProblem(name + " does not tell " + what + ": " + e.getMessage(), e);
  }

  @Override
  public void close() {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }
}
