package io.cotidal.lab.swift;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client of Swift that acts as somebody. Paths are below the account, as they are to be on the
 * wire: {@code ""} is the account, {@code "/box"} a container, {@code "/box/a%20b"} an object.
 * Thread-safe.
 */
public final class SwiftUser {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final RawHttp http;
  private final String account;
  private final Login login;
  private @Nullable String token;

  /** How it comes by a token. */
  public interface Login {
    /** Asks for one; it is in a header of the answer. */
    RawAnswer ask(RawHttp site) throws IOException;
  }

  /** Of whatever listens at {@code server}: a site with tempauth, or something before it. */
  public SwiftUser(InetSocketAddress server, SwiftLogin login) {
    this(
        server,
        login.storageAccount(),
        site ->
            site.ask(
                RawRequest.of("GET", "/auth/v1.0")
                    .with("X-Auth-User", login.name())
                    .with("X-Auth-Key", login.key().reveal())));
  }

  /**
   * Of whatever listens at {@code server}.
   *
   * @param account the storage account, below which its paths are
   */
  public SwiftUser(InetSocketAddress server, String account, Login login) {
    this.http = new RawHttp(server, PATIENCE);
    this.account = account;
    this.login = login;
  }

  /** A name as it is in a path: all but letters, digits, {@code - . _ ~ /} is escaped. */
  public static String escaped(String name) {
    StringBuilder text = new StringBuilder();
    for (byte each : name.getBytes(StandardCharsets.UTF_8)) {
      char letter = (char) (each & 0xff);
      boolean plain =
          letter < 128 && (Character.isLetterOrDigit(letter) || "-._~/".indexOf(letter) >= 0);
      text.append(plain ? String.valueOf(letter) : "%%%02X".formatted((int) letter));
    }
    return text.toString();
  }

  /** The connection below. */
  public RawHttp http() {
    return http;
  }

  /** Its token, asked for once. */
  public synchronized String token() throws IOException {
    String known = token;
    if (known == null) {
      RawAnswer answer = authenticate();
      known =
          answer
              .header("X-Auth-Token")
              .or(() -> answer.header("X-Subject-Token"))
              .orElseThrow(
                  () -> new IOException("no token for " + account + ": " + answer.status()));
      token = known;
    }
    return known;
  }

  /** Asks for a token. */
  public RawAnswer authenticate() throws IOException {
    return login.ask(http);
  }

  /** Forgets its token; the next request asks for one. */
  public synchronized void forget() {
    token = null;
  }

  /** The target of a path of its account. */
  public String target(String path) {
    return "/v1/" + account + path;
  }

  /** A request with its token. */
  public RawRequest request(String method, String path) throws IOException {
    return RawRequest.of(method, target(path)).with("X-Auth-Token", token());
  }

  /** Sends a request that it made before. */
  public RawAnswer ask(RawRequest request) throws IOException {
    return http.ask(request);
  }

  /** {@code GET}. */
  public RawAnswer get(String path, RawHeader... headers) throws IOException {
    return ask(request("GET", path).with(List.of(headers)));
  }

  /** {@code HEAD}. */
  public RawAnswer head(String path, RawHeader... headers) throws IOException {
    return ask(request("HEAD", path).with(List.of(headers)));
  }

  /** {@code POST} without a body. */
  public RawAnswer post(String path, RawHeader... headers) throws IOException {
    return ask(request("POST", path).with(List.of(headers)).with(RawBody.of("")));
  }

  /** {@code DELETE}. */
  public RawAnswer delete(String path, RawHeader... headers) throws IOException {
    return ask(request("DELETE", path).with(List.of(headers)));
  }

  /** {@code PUT} without a body: a container, or an empty object. */
  public RawAnswer put(String path, RawHeader... headers) throws IOException {
    return put(path, RawBody.of(""), headers);
  }

  /** {@code PUT}. */
  public RawAnswer put(String path, RawBody body, RawHeader... headers) throws IOException {
    return ask(request("PUT", path).with(List.of(headers)).with(body));
  }

  /**
   * The names in a list, page after page.
   *
   * @throws IOException if a page is not answered with 200 or 204
   */
  public List<String> names(String path) throws IOException {
    List<String> all = new ArrayList<>();
    while (true) {
      String marker = all.isEmpty() ? "" : "?marker=" + escaped(all.getLast());
      RawAnswer page = get(path + marker);
      if (page.status() != 200 && page.status() != 204) {
        throw new IOException("the list of " + path + " is not told: " + page.status());
      }
      if (page.body().length == 0) {
        return all;
      }
      all.addAll(List.of(page.text().split("\n")));
    }
  }
}
