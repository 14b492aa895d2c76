package io.cotidal.server.compat;

import java.util.Map;

/**
 * What goes back.
 *
 * @param status the HTTP status
 * @param type the media type; empty if there is no body
 * @param body sent as UTF-8
 * @param headers beside those that every answer has
 */
public record CompatAnswer(int status, String type, String body, Map<String, String> headers) {
  /** Copies the headers. */
  public CompatAnswer {
    headers = Map.copyOf(headers);
  }
}
