package io.cotidal.lab.swift;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** An answer as it came. */
public final class RawAnswer {
  private final int status;
  private final List<RawHeader> headers;
  private final List<Integer> before;
  private final byte[] body;

  /** With the statuses that came before the final one. */
  RawAnswer(int status, List<RawHeader> headers, List<Integer> before, byte[] body) {
    this.status = status;
    this.headers = List.copyOf(headers);
    this.before = List.copyOf(before);
    this.body = body;
  }

  /** Of the final answer. */
  public int status() {
    return status;
  }

  /** In the order in which they came. */
  public List<RawHeader> headers() {
    return headers;
  }

  /** The statuses that came before the final one, 100 for example. */
  public List<Integer> before() {
    return before;
  }

  /** What came after the headers; empty if it went elsewhere. */
  public byte[] body() {
    return body.clone();
  }

  /** The body as text. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** The first value of a header, whatever the case of its name. */
  public Optional<String> header(String name) {
    return all(name).stream().findFirst();
  }

  /** All values of a header, whatever the case of its name. */
  public List<String> all(String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(RawHeader::value)
        .toList();
  }

  @Override
  public String toString() {
    return status + " " + headers + " " + text();
  }
}
