package io.cotidal.objects.swift;

import io.cotidal.model.Secret;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.spec.Site;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.http.Guard;
import io.cotidal.remote.http.HttpAddress;
import io.cotidal.remote.http.kept.Answer;
import io.cotidal.remote.http.kept.Body;
import io.cotidal.remote.http.kept.CallFailed;
import io.cotidal.remote.http.kept.Connections;
import io.cotidal.remote.http.kept.Header;
import io.cotidal.remote.http.kept.Headers;
import io.cotidal.remote.http.kept.Limits;
import io.cotidal.remote.http.kept.Request;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** The connections to a site, and as whom we come over them. Thread-safe. */
final class SiteLine implements AutoCloseable {
  private static final int UNAUTHORIZED = 401;

  /** Before a site may be a gateway, which gives us then what the site has, and nothing else. */
  private static final Header OURS = new Header("Via", "1.1 cotidal");

  /** So long a site may take to say whether it wants a body. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final String UNSIGNED =
      "it does not believe the realm's signature; correct container-sync-realms.conf there, or its"
          + " pipeline: container_sync before the authentication, and with Keystone"
          + " delay_auth_decision = true";

  private final HttpAddress address;
  private final Login login;
  private final Connections connections;
  private final Connections logins;
  private final Tokens tokens;
  private final Troubles troubles;
  private final RealmKeys keys;

  SiteLine(Site site, Signer signer, Limits limits) {
    // An operator named it; within their own network Swift is often spoken to in plain.
    Guard guard = new Guard(false, true, site.authority());
    this.login = Login.of(site.identity());
    this.address = HttpAddress.parse(site.url());
    this.connections = new Connections(address, guard, limits);
    this.logins = new Connections(login.address(), guard, limits);
    this.troubles = new Troubles(site.member());
    this.tokens = new Tokens(login, logins, troubles);
    this.keys = new RealmKeys(signer);
  }

  Troubles troubles() {
    return troubles;
  }

  /** A path below the version. */
  String target(String path) {
    return address.under(path);
  }

  /** A path beside the version: {@code /info}. */
  String beside(String path) {
    String version = address.under("");
    return version.substring(0, Math.max(0, version.lastIndexOf('/'))) + path;
  }

  /** Our token; another one than {@code stale}. */
  Secret token(Optional<Secret> stale, Deadline deadline) throws SwiftTrouble {
    return stale.isEmpty() ? tokens.token(deadline) : tokens.anew(stale.get(), deadline);
  }

  /** Sends with neither token nor signature. */
  Answer plain(Request request, Deadline deadline) throws SwiftTrouble {
    try {
      return connections.call(ours(request), deadline);
    } catch (CallFailed e) {
      throw troubles.of(request, e);
    }
  }

  private static Request ours(Request request) {
    return new Request(
        request.method(),
        request.target(),
        request.headers().with(OURS),
        request.body(),
        request.patience());
  }

  /**
   * Sends with our token; once more with a new one if the site does not take the one that we have.
   *
   * @param request its body, if it has one, can be sent twice
   * @param wanted the statuses that are no trouble
   */
  Answer withToken(Request request, Set<Integer> wanted, Deadline deadline) throws SwiftTrouble {
    Secret token = tokens.token(deadline);
    Answer answer = plain(with(request, token), deadline);
    if (answer.status() == UNAUTHORIZED) {
      answer.close();
      answer = plain(with(request, tokens.anew(token, deadline)), deadline);
    }
    return wanted(request, answer, wanted, login.refused(answer.status()));
  }

  /**
   * Sends with a signature of the realm. If it is refused and the realm has another key, once more
   * with that one: the answer is the same where the container is not there, and then it is refused
   * again.
   *
   * @param request what it brings can be sent twice, or nothing of it is sent before the site wants
   *     it
   */
  Answer signed(Request request, Signed signed, Set<Integer> wanted, Deadline deadline)
      throws SwiftTrouble {
    Optional<SignedBody> body = request.body().map(SignedBody::new);
    Request asked = asked(request, body);
    Signer usual = keys.usual();
    Request first = with(asked, usual, signed);
    Answer answer = plain(first, deadline);
    Optional<Signer> other = keys.other(usual);
    if (answer.status() != UNAUTHORIZED || other.isEmpty()) {
      return wanted(first, answer, wanted, UNSIGNED);
    }
    if (!body.map(SignedBody::whole).orElse(true)) {
      keys.turn(other.get());
      return wanted(first, answer, wanted, UNSIGNED);
    }
    answer.close();
    Request second = with(asked, other.get(), signed);
    answer = plain(second, deadline);
    if (answer.status() != UNAUTHORIZED) {
      keys.turn(other.get());
    }
    return wanted(second, answer, wanted, UNSIGNED);
  }

  private Request asked(Request request, Optional<SignedBody> body) {
    boolean first = keys.several() && body.filter(each -> !each.repeatable()).isPresent();
    return new Request(
        request.method(),
        request.target(),
        request.headers(),
        body.map(Body.class::cast),
        first ? request.patience().or(() -> Optional.of(PATIENCE)) : request.patience());
  }

  private static Request with(Request request, Signer signer, Signed signed) {
    String path = request.target().replaceFirst("\\?.*", "");
    Headers auth = signer.headers(request.method(), path, Optional.of(signed.written), signed.key);
    return new Request(
        request.method(),
        request.target(),
        auth.and(request.headers()),
        request.body(),
        request.patience());
  }

  /** When it is to have been written, and the key of the container. */
  record Signed(Timestamp written, Secret key) {}

  private static Request with(Request request, Secret token) {
    return new Request(
        request.method(),
        request.target(),
        request.headers().with(new Header("X-Auth-Token", token.reveal())),
        request.body(),
        request.patience());
  }

  private Answer wanted(Request request, Answer answer, Set<Integer> wanted, String refused)
      throws SwiftTrouble {
    if (!wanted.contains(answer.status())) {
      throw troubles.of(request, answer, refused);
    }
    return answer;
  }

  @Override
  public void close() {
    connections.close();
    logins.close();
  }
}
