package io.cotidal.directory.openldap;

import io.cotidal.directory.spec.Replication;
import io.cotidal.directory.spec.Security;
import io.cotidal.directory.spec.Server;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A consumer's order to fetch the changes of one supplier: a value of {@code olcSyncrepl}.
 *
 * @param value as slapd holds it, without the number before it
 * @param words what it says, by lower-case name
 */
record Sync(String value, SortedMap<String, String> words) {
  /** The highest number that slapd takes. */
  static final int HIGHEST = 999;

  private static final long PAUSE = 5;
  private static final long LONGEST_PAUSE = 60;
  private static final int TRIES = 10;
  private static final Pattern PROVIDER =
      Pattern.compile("(ldaps?)://(\\[[^\\]]+\\]|[^:/\\s]+)(?::([0-9]{1,5}))?/?");

  /** Copies the map. */
  Sync {
    words = Collections.unmodifiableSortedMap(new TreeMap<>(words));
  }

  /** Reads what slapd holds. */
  static Sync parse(String text) {
    String value = Words.plain(text);
    TreeMap<String, String> words = new TreeMap<>();
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i <= value.length(); i++) {
      char next = i < value.length() ? value.charAt(i) : ' ';
      if (i < value.length() && next == '\\' && i + 1 < value.length()) {
        word.append(value.charAt(++i));
      } else if (next == '"') {
        quoted = !quoted;
      } else if (i == value.length() || (!quoted && Character.isWhitespace(next))) {
        take(word.toString(), words);
        word.setLength(0);
      } else {
        word.append(next);
      }
    }
    return new Sync(value, words);
  }

  private static void take(String word, Map<String, String> words) {
    int equals = word.indexOf('=');
    if (equals > 0) {
      words.put(word.substring(0, equals).toLowerCase(Locale.ROOT), word.substring(equals + 1));
    }
  }

  /** As it should be, for fetching from {@code from}. */
  static Sync wanted(Realm realm, Server from, int rid) {
    Replication replication = realm.spec().replication();
    long pause = seconds(replication.backoff().toSeconds(), PAUSE);
    long longest = seconds(replication.longestBackoff().toSeconds(), LONGEST_PAUSE);
    LinkedHashMap<String, String> words = new LinkedHashMap<>();
    words.put("rid", "%03d".formatted(rid));
    words.put("provider", realm.provider(from));
    words.put("searchbase", realm.suffix());
    words.put("type", "refreshAndPersist");
    words.put("retry", pause + " " + TRIES + " " + longest + " +");
    words.put("network-timeout", "5");
    words.put("keepalive", "60:4:15");
    words.put("bindmethod", "simple");
    words.put("binddn", realm.account());
    words.put("credentials", realm.password());
    if (replication.security() != Security.PLAIN) {
      words.put("tls_reqcert", "demand");
    }
    if (replication.security() == Security.STARTTLS) {
      words.put("starttls", "critical");
    }
    return of(words);
  }

  /** That says {@code words}, in their order. */
  static Sync of(Map<String, String> words) {
    String value =
        words.entrySet().stream()
            .map(one -> one.getKey() + "=" + Words.quoted(one.getValue()))
            .collect(Collectors.joining(" "));
    return new Sync(value, new TreeMap<>(words));
  }

  private static long seconds(long given, long otherwise) {
    return given == 0 ? otherwise : given;
  }

  /** Its number on the server; -1 if it has none. */
  int rid() {
    String rid = words.getOrDefault("rid", "");
    return rid.matches("[0-9]{1,3}") ? Integer.parseInt(rid) : -1;
  }

  private @Nullable Matcher provider() {
    Matcher matcher = PROVIDER.matcher(words.getOrDefault("provider", ""));
    return matcher.matches() ? matcher : null;
  }

  /** Of the supplier; empty if it cannot be read. */
  String host() {
    Matcher provider = provider();
    String host = provider == null ? "" : provider.group(2).toLowerCase(Locale.ROOT);
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** Of the supplier. */
  int port() {
    Matcher provider = provider();
    if (provider == null) {
      return -1;
    }
    Security usual = provider.group(1).equals("ldaps") ? Security.LDAPS : Security.PLAIN;
    return provider.group(3) == null ? usual.usualPort() : Integer.parseInt(provider.group(3));
  }

  /** How the path is protected; null if it need not be, but may. */
  @Nullable Security security() {
    Matcher provider = provider();
    if (provider != null && provider.group(1).equals("ldaps")) {
      return Security.LDAPS;
    }
    return switch (words.getOrDefault("starttls", "no").toLowerCase(Locale.ROOT)) {
      case "critical" -> Security.STARTTLS;
      case "no" -> Security.PLAIN;
      default -> null;
    };
  }

  String bindDn() {
    return words.getOrDefault("binddn", "");
  }

  String credentials() {
    return words.getOrDefault("credentials", "");
  }

  /** Whether it fetches that suffix. */
  boolean of(String suffix) {
    return Realm.same(words.getOrDefault("searchbase", ""), suffix);
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "syncrepl " + words.getOrDefault("rid", "?") + " from " + words.get("provider");
  }
}
