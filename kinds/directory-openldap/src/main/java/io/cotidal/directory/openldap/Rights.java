package io.cotidal.directory.openldap;

import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.SearchResultEntry;
import io.cotidal.directory.ldap.ActFailed;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the suppliers' account may do on the database of the suffix: read everything, without limit,
 * and write nothing. Whoever else may do what stays as it was.
 */
final class Rights {
  private static final String OTHERS = "to * by * read";

  private Rights() {}

  private static String reading(Realm realm) {
    return "to * by dn.exact=%s read by * break".formatted(Words.quoted(realm.account()));
  }

  private static String limits(Realm realm) {
    return "dn.exact=%s size=unlimited time=unlimited".formatted(Words.quoted(realm.account()));
  }

  /** Whether it may read everything: our rule must be the first. */
  static boolean read(SearchResultEntry database, Realm realm) {
    List<String> rules = Words.values(database, Words.ACCESS);
    return !rules.isEmpty()
        && rules.stream().anyMatch(rule -> first(rule) && is(rule, reading(realm)));
  }

  private static boolean first(String rule) {
    return rule.startsWith("{0}");
  }

  /** Whether it gets everything. */
  static boolean unlimited(SearchResultEntry database, Realm realm) {
    return Words.values(database, Words.LIMITS).stream().anyMatch(one -> is(one, limits(realm)));
  }

  private static boolean is(String value, String wanted) {
    return form(value).equals(form(wanted));
  }

  private static String form(String value) {
    return Words.plain(value).replaceAll("\\s+", " ").strip().toLowerCase(Locale.ROOT);
  }

  /** What is to be changed. */
  static List<Modification> missing(Slapd slapd, Realm realm) throws ActFailed {
    SearchResultEntry database = slapd.need();
    List<Modification> changes = new ArrayList<>();
    if (!read(database, realm)) {
      changes.add(new Modification(ModificationType.ADD, Words.ACCESS, "{0}" + reading(realm)));
      if (!ruled(slapd, database)) {
        // Without any rule everybody may read; with ours alone nobody else could.
        changes.add(new Modification(ModificationType.ADD, Words.ACCESS, "{1}" + OTHERS));
      }
    }
    if (!unlimited(database, realm)) {
      changes.add(new Modification(ModificationType.ADD, Words.LIMITS, "{0}" + limits(realm)));
    }
    return changes;
  }

  /** The rules of the frontend hold for every database. */
  private static boolean ruled(Slapd slapd, SearchResultEntry database) {
    return database.hasAttribute(Words.ACCESS)
        || slapd.databases().stream()
            .anyMatch(each ->
                Words.plain(Words.value(each, Words.DATABASE)).equalsIgnoreCase("frontend")
                    && each.hasAttribute(Words.ACCESS));
  }
}
