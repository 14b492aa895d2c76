package io.cotidal.directory.openldap;

import com.unboundid.ldap.sdk.SearchResultEntry;

/** The server's words: entries and attributes of its configuration. */
final class Words {
  private Words() {}

  static final String CONFIG = "cn=config";

  static final String CLASS = "objectClass";
  static final String NAME = "cn";
  static final String NOTES = "description";

  static final String GLOBAL = "olcGlobal";
  static final String MODULES = "olcModuleList";
  static final String MODULE = "olcModuleLoad";
  static final String SERVER_ID = "olcServerID";

  static final String DATABASES = "olcDatabaseConfig";
  static final String DATABASE = "olcDatabase";
  static final String SUFFIX = "olcSuffix";
  static final String ROOT = "olcRootDN";
  static final String ROOT_PASSWORD = "olcRootPW";
  static final String ACCESS = "olcAccess";
  static final String LIMITS = "olcLimits";
  static final String SYNC = "olcSyncrepl";
  static final String MULTI = "olcMultiProvider";

  static final String OVERLAYS = "olcOverlayConfig";
  static final String OVERLAY = "olcOverlay";
  static final String SYNCPROV = "syncprov";

  static final String VECTOR = "contextCSN";
  static final String UNIQUE_ID = "entryUUID";

  /** A value, or nothing. */
  static String value(SearchResultEntry entry, String attribute) {
    String value = entry.getAttributeValue(attribute);
    return value == null ? "" : value;
  }

  /** Its values; none if it is not there. */
  static java.util.List<String> values(SearchResultEntry entry, String attribute) {
    String[] values = entry.getAttributeValues(attribute);
    return values == null ? java.util.List.of() : java.util.List.of(values);
  }

  /** A value of an ordered attribute without its number, which changes when others come and go. */
  static String plain(String value) {
    return value.replaceFirst("^\\{-?[0-9]+\\}", "");
  }

  /** As slapd takes a word that may hold blanks and quotes. */
  static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
