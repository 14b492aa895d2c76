package io.cotidal.lab.swift;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A request as it goes on the wire. Nothing is added but {@code Host} where it has none, and the
 * header that says how long the body is.
 *
 * @param method as it is sent
 * @param target as it is sent: nothing is escaped or put in order
 * @param headers in this order, repeated ones too
 * @param body absent for none
 */
public record RawRequest(
    String method, String target, List<RawHeader> headers, Optional<RawBody> body) {
  /** Copies the list. */
  public RawRequest {
    headers = List.copyOf(headers);
  }

  /** Without headers and body. */
  public static RawRequest of(String method, String target) {
    return new RawRequest(method, target, List.of(), Optional.empty());
  }

  /** With one more header. */
  public RawRequest with(String name, String value) {
    return with(List.of(new RawHeader(name, value)));
  }

  /** With more headers. */
  public RawRequest with(List<RawHeader> more) {
    List<RawHeader> all = new ArrayList<>(headers);
    all.addAll(more);
    return new RawRequest(method, target, all, body);
  }

  /** With a body. */
  public RawRequest with(RawBody sent) {
    return new RawRequest(method, target, headers, Optional.of(sent));
  }

  /** The first value of a header, whatever the case of its name. */
  Optional<String> header(String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(RawHeader::value)
        .findFirst();
  }

  /** All before the body. */
  byte[] head(String host) {
    StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
    if (header("Host").isEmpty()) {
      line(head, "Host", host);
    }
    headers.forEach(header -> line(head, header.name(), header.value()));
    if (header("Content-Length").isEmpty() && header("Transfer-Encoding").isEmpty()) {
      body.ifPresent(sent -> {
        if (sent.length() < 0) {
          line(head, "Transfer-Encoding", "chunked");
        } else {
          line(head, "Content-Length", Long.toString(sent.length()));
        }
      });
    }
    return head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void line(StringBuilder head, String name, String value) {
    head.append(name).append(": ").append(value).append("\r\n");
  }
}
