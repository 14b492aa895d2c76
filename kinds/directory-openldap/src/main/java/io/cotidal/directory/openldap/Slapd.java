package io.cotidal.directory.openldap;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import io.cotidal.directory.ldap.ActFailed;
import io.cotidal.directory.ldap.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a server's configuration says, read in one operation.
 *
 * @param global the entry of the server as a whole
 * @param modules lists of loaded modules
 * @param databases all
 * @param overlays over all databases
 * @param database that of the suffix; null if the server does not hold it
 * @param home the database of ours that stores nothing; null if nobody made it yet
 */
record Slapd(
    SearchResultEntry global,
    List<SearchResultEntry> modules,
    List<SearchResultEntry> databases,
    List<SearchResultEntry> overlays,
    @Nullable SearchResultEntry database,
    @Nullable SearchResultEntry home) {
  private static final String[] ATTRIBUTES = {
    Words.CLASS,
    Words.NOTES,
    Words.MODULE,
    Words.SERVER_ID,
    Words.DATABASE,
    Words.SUFFIX,
    Words.ROOT,
    Words.ROOT_PASSWORD,
    Words.ACCESS,
    Words.LIMITS,
    Words.SYNC,
    Words.MULTI,
    Words.OVERLAY
  };

  private static final Filter PARTS =
      Filter.createORFilter(
          Filter.createEqualityFilter(Words.CLASS, Words.GLOBAL),
          Filter.createEqualityFilter(Words.CLASS, Words.MODULES),
          Filter.createEqualityFilter(Words.CLASS, Words.DATABASES),
          Filter.createEqualityFilter(Words.CLASS, Words.OVERLAYS));

  /**
   * Reads it.
   *
   * @throws LDAPException also if the account may not see everything: what it may not see would
   *     look as if it were not there
   */
  static Slapd read(Session session, Realm realm) throws LDAPException {
    SearchResultEntry global = null;
    SearchResultEntry database = null;
    SearchResultEntry home = null;
    List<SearchResultEntry> modules = new ArrayList<>();
    List<SearchResultEntry> databases = new ArrayList<>();
    List<SearchResultEntry> overlays = new ArrayList<>();
    for (SearchResultEntry each :
        session.search(Words.CONFIG, SearchScope.SUB, PARTS, ATTRIBUTES)) {
      if (each.hasObjectClass(Words.GLOBAL)) {
        global = each;
      } else if (each.hasObjectClass(Words.MODULES)) {
        modules.add(each);
      } else if (each.hasObjectClass(Words.OVERLAYS)) {
        overlays.add(each);
      } else {
        databases.add(each);
        database = holds(each, realm.suffix()) ? each : database;
        home = holds(each, realm.home()) ? each : home;
      }
    }
    String account = realm.spec().access().bindDn();
    if (global == null || databases.isEmpty()) {
      throw new LDAPException(
          ResultCode.INSUFFICIENT_ACCESS_RIGHTS,
          "the account may not read cn=config: log in as its olcRootDN");
    }
    if (database != null && !Realm.same(Words.value(database, Words.ROOT), account)) {
      throw new LDAPException(
          ResultCode.INSUFFICIENT_ACCESS_RIGHTS,
          "'%s' is not the olcRootDN of the suffix's database: make it so, for what an account may not see would be taken for missing"
              .formatted(account));
    }
    return new Slapd(global, modules, databases, overlays, database, home);
  }

  private static boolean holds(SearchResultEntry database, String suffix) {
    return Words.values(database, Words.SUFFIX).stream().anyMatch(one -> Realm.same(one, suffix));
  }

  /** Its server id; 0 if it has none, -1 if it has several, of which the listener chooses. */
  int id() {
    List<String> all = Words.values(global, Words.SERVER_ID);
    if (all.isEmpty()) {
      return 0;
    }
    String first = Words.plain(all.getFirst()).strip();
    if (all.size() > 1 || !first.matches("[0-9]{1,4}|0[xX][0-9a-fA-F]{1,3}")) {
      return -1;
    }
    return Integer.decode(first.replaceFirst("^0+([0-9])", "$1"));
  }

  /** The overlay that sends; null if there is none over our database. */
  @Nullable SearchResultEntry sender() {
    return overlays.stream()
        .filter(Slapd::sends)
        .filter(each -> database != null && below(each, database))
        .findFirst()
        .orElse(null);
  }

  private static boolean sends(SearchResultEntry overlay) {
    return Words.plain(Words.value(overlay, Words.OVERLAY)).equals(Words.SYNCPROV);
  }

  private static boolean below(SearchResultEntry overlay, SearchResultEntry database) {
    try {
      DN parent = overlay.getParsedDN().getParent();
      return parent != null && parent.equals(database.getParsedDN());
    } catch (LDAPException e) {
      throw new IllegalArgumentException("slapd names an entry by what is no DN", e);
    }
  }

  /** Whether another database of this server takes part in a replication too. */
  boolean othersReplicate() {
    return databases.stream()
            .anyMatch(each -> !each.equals(database) && each.hasAttribute(Words.SYNC))
        || overlays.stream()
            .anyMatch(each -> sends(each) && (database == null || !below(each, database)));
  }

  /** Whether the server takes part in the replication of the suffix. */
  boolean prepared() {
    return database != null && id() > 0 && sender() != null;
  }

  /** The database of the suffix. */
  SearchResultEntry need() throws ActFailed {
    if (database == null) {
      throw new ActFailed("it has no database for the suffix: make that first");
    }
    return database;
  }

  /** Whom it fetches the suffix from. */
  List<Sync> syncs(Realm realm) {
    return database == null
        ? List.of()
        : Words.values(database, Words.SYNC).stream()
            .map(Sync::parse)
            .filter(sync -> sync.of(realm.suffix()))
            .toList();
  }

  /** The number that our note gives to an order that is not there, else the lowest free one. */
  int freeRid(Notes notes, String from) throws ActFailed {
    TreeSet<Integer> taken = new TreeSet<>();
    databases.forEach(each ->
        Words.values(each, Words.SYNC).forEach(value -> taken.add(Sync.parse(value).rid())));
    for (Map.Entry<Integer, String> note : notes.edges().entrySet()) {
      if (note.getValue().equals(from) && !taken.contains(note.getKey())) {
        return note.getKey();
      }
    }
    taken.addAll(notes.edges().keySet());
    for (int rid = 1; rid <= Sync.HIGHEST; rid++) {
      if (!taken.contains(rid)) {
        return rid;
      }
    }
    throw new ActFailed("all numbers of olcSyncrepl are taken");
  }

  /** Whether a module list loads that module. */
  boolean loads(String module) {
    return modules.stream()
        .flatMap(each -> Words.values(each, Words.MODULE).stream())
        .map(value -> Words.plain(value).toLowerCase(Locale.ROOT))
        .map(value -> value.substring(value.lastIndexOf('/') + 1))
        .anyMatch(value -> value.equals(module) || value.startsWith(module + "."));
  }
}
