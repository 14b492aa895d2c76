package io.cotidal.objects.compat;

import io.cotidal.model.Names;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A cluster as the original writes it, {@code http://Primary.com:8080}: without regard to the case
 * of its host and to spaces around it.
 *
 * @param base scheme, host and port, and a path if one is written
 */
record Cluster(String base, String host, int port) {
  private static final Pattern FORM =
      Pattern.compile(
          "(?:(https?)://)?(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9][A-Za-z0-9.-]{0,252})(?::([0-9]{1,5}))?((?:/[A-Za-z0-9._~-]*)*)",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+");

  /** What the text says; empty if it is no cluster. */
  static Optional<Cluster> of(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String scheme = matcher.group(1) == null ? "http" : matcher.group(1).toLowerCase(Locale.ROOT);
    String host = matcher.group(2).toLowerCase(Locale.ROOT);
    String port = matcher.group(3) == null ? "" : matcher.group(3);
    int number = port.isEmpty() ? scheme.equals("https") ? 443 : 80 : Integer.parseInt(port);
    String path = matcher.group(4).replaceFirst("/+$", "");
    String base = scheme + "://" + host + (port.isEmpty() ? "" : ":" + port) + path;
    return number > 0 && number <= 65_535
        ? Optional.of(new Cluster(base, host, number))
        : Optional.empty();
  }

  /** Whether both are the same, however they are written. */
  boolean is(Cluster other) {
    return host.equals(other.host) && port == other.port;
  }

  /** Where its proxy answers, up to the version. */
  String url() {
    return base.endsWith("/v1") ? base : base + "/v1";
  }

  /** Where tempauth hands out tokens, unless somebody changed that. */
  String auth() {
    return base.replaceFirst("/v1$", "") + "/auth/v1.0";
  }

  /** Names to call it by, the shortest first. */
  String[] names() {
    String plain = host.replaceAll("[\\[\\]]", "").replace(':', '-');
    String first = ADDRESS.matcher(plain).matches() ? plain : plain.replaceFirst("\\..*", "");
    String[] names = {first, plain, plain + "-" + port};
    for (int i = 0; i < names.length; i++) {
      names[i] = Names.valid(names[i]) ? names[i] : "site-" + port;
    }
    return names;
  }
}
