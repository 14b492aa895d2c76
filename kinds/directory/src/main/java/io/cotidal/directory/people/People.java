package io.cotidal.directory.people;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.RDN;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResult;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import io.cotidal.directory.ldap.Trust;
import io.cotidal.model.Secret;
import io.cotidal.remote.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.SocketFactory;

/**
 * People whom a directory knows: the password is proven by a bind as the person's own entry, and of
 * which group somebody is, by the group's entry. Each question has connections of its own.
 * Thread-safe.
 */
public final class People {
  /** With these the directory says that this is not the person, and not that it cannot tell. */
  private static final Set<ResultCode> NOBODY =
      Set.of(
          ResultCode.INVALID_CREDENTIALS,
          ResultCode.INAPPROPRIATE_AUTHENTICATION,
          ResultCode.NO_SUCH_OBJECT,
          ResultCode.UNWILLING_TO_PERFORM,
          ResultCode.INVALID_DN_SYNTAX);

  /**
   * Where people are known.
   *
   * @param tls whether by LDAPS; else in the clear, to this machine alone
   * @param authorities PEM certificates to trust; empty for those that Java trusts
   * @param limit for everything that one question asks
   * @param find how a name becomes an entry
   * @param groups DNs of groups
   */
  public record Place(
      String host,
      int port,
      boolean tls,
      String authorities,
      Duration limit,
      Find find,
      List<String> groups) {
    /** Copies the list. */
    public Place {
      groups = List.copyOf(groups);
    }
  }

  /** How a name becomes an entry. */
  public sealed interface Find {
    /**
     * The name stands in the entry's own DN.
     *
     * @param attribute of its first part
     * @param above the DN of what holds the people
     */
    record ByDn(String attribute, String above) implements Find {}

    /**
     * The entry is looked for.
     *
     * @param filter with {@code {user}} where the name is to stand
     * @param login as whom; nobody in particular if empty
     */
    record BySearch(String base, String filter, Optional<Login> login) implements Find {}
  }

  /** A DN with its password. */
  public record Login(String dn, Secret password) {}

  /** Whoever knows the people does not answer, or not what it should. One line, no password. */
  public static final class Unavailable extends Exception {
    private static final long serialVersionUID = 1;

    Unavailable(String reason) {
      super(reason, null, false, false);
    }
  }

  /** Whether that is a DN and names something. */
  public static boolean isDn(String text) {
    return !text.isBlank() && DN.isValidDN(text);
  }

  /** Whether that is a filter once a name stands for {@code {user}}. */
  public static boolean isFilter(String text) {
    try {
      Filter.create(text.replace("{user}", "x"));
      return true;
    } catch (LDAPException e) {
      return false;
    }
  }

  private final Place ldap;
  private final SocketFactory sockets;

  /**
   * Asks nobody yet.
   *
   * @throws IllegalArgumentException if the authorities are no certificates
   */
  public People(Place ldap) {
    this.ldap = ldap;
    this.sockets = ldap.tls() ? Trust.of(ldap.authorities()) : SocketFactory.getDefault();
  }

  /** One sign-in: who says to be whom, and until when all of it must be answered. */
  private record Asked(String user, Secret password, Deadline deadline) {
    /** What is left, as the library takes it: zero would mean for ever. */
    int millis() {
      return Math.clamp(deadline.left().toMillis(), 1, Integer.MAX_VALUE);
    }
  }

  /**
   * The first of the groups of which that person is a member, by its place in their list.
   *
   * @param password proven by a login as the person's own entry; an empty one proves nothing
   * @return empty if it is nobody, has another password or is in none of them
   * @throws Unavailable if nobody can tell
   */
  public Optional<Integer> group(String user, Secret password) throws Unavailable {
    Asked asked = new Asked(user, password, Deadline.in(ldap.limit()));
    try {
      return switch (ldap.find()) {
        case Find.ByDn by -> byDn(by, asked);
        case Find.BySearch by -> bySearch(by, asked);
      };
    } catch (LDAPException e) {
      String reason = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
      throw new Unavailable(
          ldap.host() + ":" + ldap.port() + ": " + e.getResultCode().getName() + ": " + reason);
    }
  }

  private Optional<Integer> byDn(Find.ByDn by, Asked asked) throws LDAPException {
    String dn = new DN(new RDN(by.attribute(), asked.user()), new DN(by.above())).toString();
    try (LDAPConnection connection = connected(asked)) {
      return bound(connection, dn, asked.password(), asked)
          ? firstGroup(connection, dn, asked)
          : Optional.empty();
    }
  }

  private Optional<Integer> bySearch(Find.BySearch by, Asked asked)
      throws LDAPException, Unavailable {
    try (LDAPConnection searching = connected(asked)) {
      if (by.login().isPresent()) {
        Login login = by.login().get();
        if (!bound(searching, login.dn(), login.password(), asked)) {
          throw new Unavailable(ldap.host() + " does not let in the account that searches");
        }
      }
      Optional<String> dn = entry(searching, by, asked);
      if (dn.isEmpty()) {
        return Optional.empty();
      }
      try (LDAPConnection own = connected(asked)) {
        return bound(own, dn.get(), asked.password(), asked)
            ? firstGroup(searching, dn.get(), asked)
            : Optional.empty();
      }
    }
  }

  private LDAPConnection connected(Asked asked) throws LDAPException {
    LDAPConnectionOptions options = new LDAPConnectionOptions();
    options.setUseSynchronousMode(true);
    options.setFollowReferrals(false);
    options.setConnectTimeoutMillis(asked.millis());
    options.setResponseTimeoutMillis(asked.millis());
    LDAPConnection connection = new LDAPConnection(sockets, options);
    boolean done = false;
    try {
      connection.connect(ldap.host(), ldap.port(), asked.millis());
      done = true;
      return connection;
    } finally {
      if (!done) {
        connection.close();
      }
    }
  }

  /**
   * Whether the directory takes the password for that entry's. One without a name or without a
   * password would be an anonymous login, to which it says yes.
   */
  private static boolean bound(LDAPConnection connection, String dn, Secret password, Asked asked)
      throws LDAPException {
    if (dn.isBlank() || password.reveal().isEmpty()) {
      return false;
    }
    SimpleBindRequest bind = new SimpleBindRequest(dn, password.reveal());
    bind.setResponseTimeoutMillis(asked.millis());
    try {
      return connection.bind(bind).getResultCode().equals(ResultCode.SUCCESS);
    } catch (LDAPException e) {
      if (NOBODY.contains(e.getResultCode())) {
        return false;
      }
      throw e;
    }
  }

  private static Optional<String> entry(LDAPConnection connection, Find.BySearch by, Asked asked)
      throws LDAPException, Unavailable {
    Filter filter = Filter.create(by.filter().replace("{user}", Filter.encodeValue(asked.user())));
    SearchRequest request =
        new SearchRequest(by.base(), SearchScope.SUB, filter, SearchRequest.NO_ATTRIBUTES);
    request.setResponseTimeoutMillis(asked.millis());
    SearchResult found = connection.search(request);
    if (found.getEntryCount() > 1) {
      throw new Unavailable("several entries below " + by.base() + " are called " + asked.user());
    }
    return found.getSearchEntries().stream().map(SearchResultEntry::getDN).findFirst();
  }

  private Optional<Integer> firstGroup(LDAPConnection connection, String dn, Asked asked)
      throws LDAPException {
    for (int i = 0; i < ldap.groups().size(); i++) {
      if (member(connection, ldap.groups().get(i), dn, asked)) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  private static boolean member(LDAPConnection connection, String group, String dn, Asked asked)
      throws LDAPException {
    Filter filter =
        Filter.createORFilter(
            Filter.createEqualityFilter("member", dn),
            Filter.createEqualityFilter("uniqueMember", dn),
            Filter.createEqualityFilter("memberUid", asked.user()));
    SearchRequest request =
        new SearchRequest(group, SearchScope.BASE, filter, SearchRequest.NO_ATTRIBUTES);
    request.setResponseTimeoutMillis(asked.millis());
    try {
      return connection.search(request).getEntryCount() == 1;
    } catch (LDAPException e) {
      if (e.getResultCode().equals(ResultCode.NO_SUCH_OBJECT)) {
        return false;
      }
      throw e;
    }
  }
}
