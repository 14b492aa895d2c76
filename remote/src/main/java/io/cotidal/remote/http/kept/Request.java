package io.cotidal.remote.http.kept;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What is sent.
 *
 * @param method for example {@code PUT}
 * @param target path and query as they are to go out; nothing in it is decoded, shortened or
 *     encoded anew
 * @param headers in the order in which they go out; {@code Host} is added if it is not there, what
 *     frames a message is always ours
 * @param body what it brings
 * @param patience with it the server is asked first ({@code Expect: 100-continue}); if it says
 *     nothing for so long, the body is sent all the same
 */
public record Request(
    String method,
    String target,
    Headers headers,
    Optional<Body> body,
    Optional<Duration> patience) {
  private static final Set<String> AGAIN = Set.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE");
  private static final Set<String> BODIED = Set.of("PUT", "POST", "PATCH");
  private static final Set<String> OURS =
      Set.of("content-length", "transfer-encoding", "connection", "expect", "upgrade", "te");

  /**
   * Checks that nothing in it could end a line or frame the message otherwise.
   *
   * @throws IllegalArgumentException in one line that quotes nothing secret
   */
  public Request {
    if (!method.matches("[A-Z]{1,20}")) {
      throw new IllegalArgumentException("not a method: write GET, PUT or the like");
    }
    if (target.isEmpty() || !target.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new IllegalArgumentException("not a path and query in their encoded form");
    }
    for (Header line : headers.list()) {
      if (OURS.contains(line.name().toLowerCase(java.util.Locale.ROOT))) {
        throw new IllegalArgumentException("the header " + line.name() + " is not the caller's");
      }
    }
    if (patience.isPresent() && body.isEmpty()) {
      throw new IllegalArgumentException("nothing is expected without a body");
    }
  }

  /** Without a body. */
  public static Request of(String method, String target, Headers headers) {
    return new Request(method, target, headers, Optional.empty(), Optional.empty());
  }

  /** The same with a body. */
  public Request with(Body bytes) {
    return new Request(method, target, headers, Optional.of(bytes), patience);
  }

  /** The same; the server is asked before the body is sent. */
  public Request expecting(Duration most) {
    return new Request(method, target, headers, body, Optional.of(most));
  }

  /** Whether sending it twice does what sending it once does. */
  boolean again() {
    return AGAIN.contains(method);
  }

  /** The first lines, the empty one included. */
  String head(String authority) {
    StringBuilder text = new StringBuilder(512);
    text.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    if (!headers.has("Host")) {
      line(text, "Host", authority);
    }
    headers.list().forEach(each -> line(text, each.name(), each.value()));
    if (body.isPresent()) {
      frame(text, body.get());
    } else if (BODIED.contains(method)) {
      line(text, "Content-Length", "0");
    }
    if (patience.isPresent()) {
      line(text, "Expect", "100-continue");
    }
    return text.append("\r\n").toString();
  }

  private static void frame(StringBuilder text, Body body) {
    if (body.length().isPresent()) {
      line(text, "Content-Length", Long.toString(body.length().getAsLong()));
    } else {
      line(text, "Transfer-Encoding", "chunked");
    }
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(name).append(": ").append(value).append("\r\n");
  }

  /** Method and path; a query may hold a signature. */
  @Override
  public String toString() {
    int query = target.indexOf('?');
    return method + " " + (query < 0 ? target : target.substring(0, query));
  }
}
