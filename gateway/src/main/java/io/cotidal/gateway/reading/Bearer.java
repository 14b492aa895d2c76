package io.cotidal.gateway.reading;

import io.cotidal.gateway.door.Field;
import io.cotidal.gateway.door.Head;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** By what a client's request is to be let in. */
enum Bearer {
  /** By a token of its own site. */
  TOKEN,
  /** By nothing, or by what its address says: an access list, or a temporary URL. */
  NOBODY,
  /** By something else, or nobody can tell by what. */
  OTHER;

  private static final Set<String> TOKENS = Set.of("x-auth-token", "x-storage-token");

  /** Of S3, of Swift's own synchronisation, of services. */
  private static final Set<String> OTHERS =
      Set.of("authorization", "x-container-sync-auth", "x-service-token");

  private static final Pattern ADDRESS =
      Pattern.compile("localhost|\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:]+\\]");

  /** The word by which gateways, and all that is ours, know each other. */
  private static final String OURS = "cotidal";

  static Bearer of(Head head) {
    boolean token = false;
    for (Field field : head.fields()) {
      String name = name(field);
      boolean ours = name.equals("via") && field.value().toLowerCase(Locale.ROOT).contains(OURS);
      if (ours || OTHERS.contains(name)) {
        // Two gateways might ask each other for ever.
        return OTHER;
      }
      token |= TOKENS.contains(name);
    }
    return token ? TOKEN : NOBODY;
  }

  /**
   * Whether a path means to the site what it means to us: where containers have hosts of their own
   * a name before it would change that.
   *
   * @param hosts that are the site's own
   */
  static boolean known(Head head, List<String> hosts) {
    return head.fields().stream()
        .filter(field -> name(field).equals("host"))
        .map(field -> field.value().replaceFirst(":\\d*$", "").toLowerCase(Locale.ROOT))
        .allMatch(host -> ADDRESS.matcher(host).matches() || hosts.contains(bare(host)));
  }

  private static String bare(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  /** To Swift, a line below is the same as a line between. */
  static String name(Field field) {
    return field.name().strip().replace('_', '-').toLowerCase(Locale.ROOT);
  }
}
