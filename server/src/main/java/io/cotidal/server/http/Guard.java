package io.cotidal.server.http;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps other pages out: a page from elsewhere must neither reach this server under a name of its
 * own (DNS rebinding) nor let a browser that is signed in send requests for it (request forgery).
 * Loopback is no boundary here: every page that the operator visits can send requests to it.
 */
public final class Guard {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  /** The header that a page must add to a request that changes something and has no JSON body. */
  public static final String OWN_HEADER = "Cotidal-Request";

  private final Set<String> hosts;
  private final boolean secure;

  /**
   * A guard.
   *
   * @param hosts names under which the server is known, beside those of the loopback address;
   *     lower-case, without port
   * @param secure whether browsers reach it by https
   */
  public Guard(Set<String> hosts, boolean secure) {
    this.hosts = Set.copyOf(hosts);
    this.secure = secure;
  }

  /**
   * What a browser says about where a request comes from.
   *
   * @param host the authority that was asked for; null if the request names none
   * @param origin null if it is not there
   * @param site the value of {@code Sec-Fetch-Site}; null if it is not there
   * @param entrance whether this is a person's way in: a GET of a whole page without data, by
   *     navigation
   */
  public record Asked(
      @Nullable String host, @Nullable String origin, @Nullable String site, boolean entrance) {

    /** The same where no page is served, so that no navigation is a person's way in. */
    Asked withoutEntrance() {
      return new Asked(host, origin, site, false);
    }
  }

  /** Why the request is refused, whoever sends it; empty if it is not. */
  public Optional<Problem> check(Asked asked) {
    String host = asked.host() == null ? "" : asked.host().toLowerCase(Locale.ROOT);
    String name = withoutPort(host);
    if (!LOOPBACK.contains(name) && !hosts.contains(name)) {
      return refused(
          "the name in the header Host is not one of this server's",
          "use http://127.0.0.1, or localhost");
    }
    if (asked.origin() != null && !sameOrigin(asked.origin(), host)) {
      return refused("the request comes from another page", "call from this server's own page");
    }
    boolean fromHere =
        asked.site() == null || asked.site().equals("same-origin") || asked.site().equals("none");
    if (!fromHere && !asked.entrance()) {
      return refused("the request comes from another site", "call from this server's own page");
    }
    return Optional.empty();
  }

  /**
   * Why a request that changes something is refused to a browser's session; empty if it is not.
   *
   * @param json whether its body is JSON
   * @param ownHeader whether it has {@link #OWN_HEADER}; a form or a foreign page cannot add either
   *     without being asked
   */
  public Optional<Problem> checkChange(Asked asked, boolean json, boolean ownHeader) {
    boolean here = asked.origin() != null || "same-origin".equals(asked.site());
    if (here && (json || ownHeader)) {
      return Optional.empty();
    }
    return refused(
        "a session's change needs proof that this server's page sent it",
        "send Origin, and a JSON body or the header " + OWN_HEADER);
  }

  private boolean sameOrigin(String origin, String host) {
    String lower = origin.toLowerCase(Locale.ROOT);
    return lower.equals("https://" + host) || (!secure && lower.equals("http://" + host));
  }

  static String withoutPort(String authority) {
    int colon = authority.lastIndexOf(':');
    boolean port =
        colon > authority.lastIndexOf(']') && authority.substring(colon + 1).matches("[0-9]{1,5}");
    return port ? authority.substring(0, colon) : authority;
  }

  private static Optional<Problem> refused(String detail, String hint) {
    return Optional.of(Problem.of(Problem.Code.FORBIDDEN, detail, hint));
  }
}
