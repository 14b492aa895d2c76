package io.cotidal.server.http;

import io.cotidal.server.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** What goes back to the caller. */
public sealed interface Answer {
  /** A whole body. */
  final class Whole implements Answer {
    private final int status;
    private final String type;
    private final byte[] body;
    private final Map<String, String> headers;

    /**
     * An answer.
     *
     * @param type its media type; empty if there is no body
     * @param body the caller must not keep it
     * @param headers beside those that every answer has
     */
    public Whole(int status, String type, byte[] body, Map<String, String> headers) {
      this.status = status;
      this.type = type;
      this.body = body;
      this.headers = Map.copyOf(headers);
    }

    /** The HTTP status. */
    public int status() {
      return status;
    }

    /** Its media type; empty if there is no body. */
    public String type() {
      return type;
    }

    /** The body, not to be changed. */
    byte[] body() {
      return body;
    }

    /** Headers beside those that every answer has. */
    public Map<String, String> headers() {
      return headers;
    }

    /** This answer with one more header. */
    public Whole with(String name, String value) {
      Map<String, String> more = new LinkedHashMap<>(headers);
      more.put(name, value);
      return new Whole(status, type, body, more);
    }
  }

  /**
   * A body that goes on until either side ends it.
   *
   * @param type its media type
   */
  record Stream(String type, Writer writer) implements Answer {}

  /** Writes a stream's body. */
  interface Writer {
    /**
     * Writes until there is nothing more to say; returning ends the answer.
     *
     * @throws IOException if the caller is gone
     * @throws InterruptedException if the daemon stops
     */
    void write(OutputStream out) throws IOException, InterruptedException;
  }

  /** A body of that type. */
  static Whole of(int status, String type, byte[] body) {
    return new Whole(status, type, body, Map.of());
  }

  /** A JSON body. */
  static Whole json(int status, Object value) {
    return of(status, "application/json", Json.write(value));
  }

  /** 200 with a JSON body. */
  static Whole ok(Object value) {
    return json(200, value);
  }

  /** No body. */
  static Whole empty(int status) {
    return of(status, "", new byte[0]);
  }
}
