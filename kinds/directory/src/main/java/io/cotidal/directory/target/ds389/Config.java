package io.cotidal.directory.target.ds389;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import io.cotidal.directory.ldap.Session;
import io.cotidal.model.Stamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server's configuration says of a suffix, read in one operation.
 *
 * @param tree the suffix's entry in the mapping tree, with the DN as the server writes it; null if
 *     the server does not hold the suffix
 * @param replica its settings of replication; null if it has none
 * @param agreements all for the suffix, but those with Windows servers
 * @param tasks that take a replica id of the suffix out of the vectors
 * @param machine what of the unique-id generator's state two servers never share
 * @param account whether the suppliers' account is there
 * @param changelogSeconds for how long changes of the suffix are kept; 0 without a limit
 * @param own our entry; null if nobody made it yet
 * @param stamps all that were left by us
 */
record Config(
    String version,
    @Nullable SearchResultEntry tree,
    @Nullable SearchResultEntry replica,
    List<SearchResultEntry> agreements,
    List<SearchResultEntry> tasks,
    String machine,
    boolean account,
    long changelogSeconds,
    @Nullable SearchResultEntry own,
    List<Seal.Left> stamps) {

  /** Where in the generator's state the part lies that is a machine's own. */
  private static final int NODE = 8;

  private static final int NODE_END = 14;

  private static final String[] ATTRIBUTES = {
    Words.CLASS,
    Words.NAME,
    Words.DESCRIPTION,
    Words.VERSION,
    Words.BACKEND,
    Words.GENERATOR_STATE,
    Words.ROOT,
    Words.TYPE,
    Words.FLAGS,
    Words.ID,
    Words.BIND_DN,
    Words.BACKOFF_MIN,
    Words.BACKOFF_MAX,
    Words.CLEANING,
    Words.HOST,
    Words.PORT,
    Words.TRANSPORT,
    Words.METHOD,
    Words.PROTOCOL_TIMEOUT,
    Words.ENABLED,
    Words.REFRESH,
    Words.UPDATE_STATUS,
    Words.INIT_STATUS,
    Words.UPDATING,
    Words.TASK_ID,
    Words.TASK_BASE,
    Words.TASK_STATUS,
    Words.TASK_EXIT,
    Words.CHANGELOG_AGE
  };

  /** Reads it. */
  static Config read(Session session, Realm realm) throws LDAPException {
    Config config =
        of(session.search(Words.CONFIG, SearchScope.SUB, filter(realm), ATTRIBUTES), realm);
    if (config.version.isEmpty() || config.machine.isEmpty()) {
      // What an account may not see looks as if it were not there.
      throw new LDAPException(
          ResultCode.INSUFFICIENT_ACCESS_RIGHTS,
          "the account may not read cn=config: log in as the directory manager");
    }
    return config;
  }

  private static Filter filter(Realm realm) throws LDAPException {
    List<Filter> any = new ArrayList<>();
    any.add(Filter.createEqualityFilter(Words.CLASS, "nsslapdConfig"));
    any.add(Filter.createEqualityFilter(Words.CLASS, Words.MAPPING_TREE));
    any.add(Filter.createEqualityFilter(Words.CLASS, Words.REPLICA));
    any.add(Filter.createEqualityFilter(Words.CLASS, Words.AGREEMENT));
    any.add(Filter.createEqualityFilter(Words.NAME, "uniqueid generator"));
    any.add(Filter.createPresenceFilter(Words.TASK_ID));
    any.add(Filter.createPresenceFilter(Words.CHANGELOG_AGE));
    any.add(Filter.createEqualityFilter(Words.NAME, realm.mark()));
    any.add(Filter.createSubstringFilter(Words.NAME, Seal.PREFIX, null, null));
    DN account = new DN(realm.spec().replication().bindDn());
    if (account.isDescendantOf(new DN(Words.CONFIG), false)) {
      String[] names = account.getRDN().getAttributeNames();
      any.add(Filter.createEqualityFilter(names[0], account.getRDN().getAttributeValues()[0]));
    }
    return Filter.createORFilter(any);
  }

  private static Config of(List<SearchResultEntry> entries, Realm realm) {
    String version = "";
    SearchResultEntry tree = null;
    SearchResultEntry replica = null;
    SearchResultEntry own = null;
    String machine = "";
    boolean account = false;
    List<SearchResultEntry> changelogs = new ArrayList<>();
    List<SearchResultEntry> agreements = new ArrayList<>();
    List<SearchResultEntry> tasks = new ArrayList<>();
    List<Seal.Left> stamps = new ArrayList<>();
    for (SearchResultEntry each : entries) {
      String dn = each.getDN();
      if (Realm.same(dn, Words.CONFIG)) {
        version = value(each, Words.VERSION);
      } else if (is(each, Words.MAPPING_TREE) && realm.isSuffix(each.getAttributeValue("cn"))) {
        tree = each;
      } else if (is(each, Words.REPLICA) && realm.isSuffix(value(each, Words.ROOT))) {
        replica = each;
      } else if (is(each, Words.AGREEMENT) && realm.isSuffix(value(each, Words.ROOT))) {
        agreements.add(each);
      } else if (each.hasAttribute(Words.TASK_ID) && realm.isSuffix(value(each, Words.TASK_BASE))) {
        tasks.add(each);
      } else if (Realm.same(dn, "cn=uniqueid generator,cn=config")) {
        machine = node(each.getAttributeValueBytes(Words.GENERATOR_STATE));
      } else if (each.hasAttribute(Words.CHANGELOG_AGE)) {
        changelogs.add(each);
      } else if (Realm.same(dn, realm.own())) {
        own = each;
      } else if (Realm.same(dn, realm.spec().replication().bindDn())) {
        account = true;
      } else {
        Seal.left(each, realm, stamps);
      }
    }
    String backend = tree == null ? "" : value(tree, Words.BACKEND);
    return new Config(
        version,
        tree,
        replica,
        agreements,
        tasks,
        machine,
        account,
        Changelog.seconds(changelogs, backend),
        own,
        stamps);
  }

  private static String node(byte @Nullable [] state) {
    return state == null || state.length < NODE_END
        ? ""
        : HexFormat.of().formatHex(Arrays.copyOfRange(state, NODE, NODE_END));
  }

  /** The newest that a leader left. */
  Stamp stamp() {
    return Seal.newest(stamps, Seal.LEADER);
  }

  /** A value, or nothing. */
  static String value(SearchResultEntry entry, String attribute) {
    String value = entry.getAttributeValue(attribute);
    return value == null ? "" : value;
  }

  /** A number; -1 if there is none. */
  static int number(SearchResultEntry entry, String attribute) {
    Integer value = entry.getAttributeValueAsInteger(attribute);
    return value == null ? -1 : value;
  }

  private static boolean is(SearchResultEntry entry, String type) {
    return entry.hasObjectClass(type);
  }
}
