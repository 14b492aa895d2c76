package io.cotidal.server.compat;

import io.cotidal.server.access.Caller;
import java.time.Instant;

/**
 * A request that was let in.
 *
 * @param method as it came
 * @param path as it came, still percent-encoded, without the query
 * @param query as it came, still percent-encoded; empty if there is none
 * @param type the value of {@code Content-Type}; empty if there is none
 * @param body as UTF-8; empty if there is none
 * @param caller who calls; if nobody had to prove it, under the name {@link Anonymous#NAME}
 * @param at when it came
 */
public record CompatRequest(
    String method, String path, String query, String type, String body, Caller caller, Instant at) {

  /** Whether it can change anything. */
  public boolean changes() {
    return !method.equals("GET") && !method.equals("HEAD");
  }
}
