package io.cotidal.remote.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;

/**
 * Where an HTTP server is.
 *
 * @param scheme {@code http} or {@code https}
 * @param host name or address; an IPv6 address without brackets
 * @param port 1 to 65535
 * @param path what every path begins with, and perhaps a query; empty, or begins with a slash
 */
public record HttpAddress(String scheme, String host, int port, String path) {
  private static final Set<String> SCHEMES = Set.of("http", "https");

  /** Checks the scheme and the port. */
  public HttpAddress {
    if (!SCHEMES.contains(scheme)) {
      throw new IllegalArgumentException("begin the address with http:// or https://");
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("the port " + port + " is not between 1 and 65535");
    }
  }

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException with a reason that does not quote the URL, which might hold a
   *     password by mistake
   */
  public static HttpAddress parse(String url) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("not a URL: write http://HOST:PORT/PATH", e);
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "a user or password in a URL ends up in logs: give a token instead");
    }
    if (uri.getHost() == null || uri.getRawFragment() != null) {
      throw new IllegalArgumentException("not a URL: write http://HOST:PORT/PATH");
    }
    int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    if (!query.isEmpty() && path.isEmpty()) {
      path = "/";
    }
    return new HttpAddress(scheme, bare(uri.getHost()), port, path + query);
  }

  private static String bare(String host) {
    boolean brackets = host.startsWith("[") && host.endsWith("]");
    return (brackets ? host.substring(1, host.length() - 1) : host).toLowerCase(Locale.ROOT);
  }

  /** Whether it is spoken to over TLS. */
  public boolean tls() {
    return scheme.equals("https");
  }

  /** The path of this address followed by {@code more}, which begins with a slash. */
  public String under(String more) {
    return (path.endsWith("/") ? path.substring(0, path.length() - 1) : path) + more;
  }

  /** Host and port, as the header {@code Host} has them. */
  public String authority() {
    String shown = host.contains(":") ? "[" + host + "]" : host;
    return port == (tls() ? 443 : 80) ? shown : shown + ":" + port;
  }

  /** The URL without its query, which may hold what should not be shown. */
  @Override
  public String toString() {
    return scheme + "://" + authority() + path.replaceFirst("\\?.*", "");
  }
}
