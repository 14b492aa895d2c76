package io.cotidal.objects.state;

import java.util.Locale;
import java.util.Set;

/**
 * Which headers of a container are its state. Everything else that an answer holds is that site's
 * own: times, counts, the way it is spread over databases, where its own synchronisation sends it.
 * Access rules of the S3 interface are no header at all: Swift shows them to nobody.
 */
final class Headers {
  static final String META = "x-container-meta-";
  static final String READ = "x-container-read";
  static final String WRITE = "x-container-write";
  static final String SYNC_KEY = "x-container-sync-key";
  static final String SYNC_TO = "x-container-sync-to";
  static final String VERSIONS = "x-versions-enabled";
  static final String VERSIONS_LOCATION = "x-versions-location";
  static final String HISTORY_LOCATION = "x-history-location";
  static final String POLICY = "x-storage-policy";

  private static final String X = "x-";
  private static final Set<String> OWN = Set.of(READ, WRITE, VERSIONS_LOCATION, HISTORY_LOCATION);

  /** Left behind by the original's middleware, at one site and not at the other. */
  private static final String LEFT_BEHIND = META + "orig-cluster";

  private static final Set<String> SECRET_WORDS =
      Set.of("key", "secret", "token", "password", "passwd", "credential");

  private Headers() {}

  /** The name as Swift compares it. */
  static String name(String header) {
    return header.strip().toLowerCase(Locale.ROOT);
  }

  /** Whether that header, in lower case, is to be the same at every site. */
  static boolean state(String name) {
    return OWN.contains(name)
        || (name.startsWith(META) && name.length() > META.length() && !name.equals(LEFT_BEHIND));
  }

  /** Whether what it holds opens something: a key of temporary URLs, for example. */
  static boolean secret(String name) {
    return name.equals(SYNC_KEY) || SECRET_WORDS.stream().anyMatch(name::contains);
  }

  /** Whether it says where old objects go, the older way of keeping versions. */
  static boolean location(String name) {
    return name.equals(VERSIONS_LOCATION) || name.equals(HISTORY_LOCATION);
  }

  /** The header that takes {@code name} away. */
  static String removal(String name) {
    return X + "remove-" + name.substring(X.length());
  }
}
