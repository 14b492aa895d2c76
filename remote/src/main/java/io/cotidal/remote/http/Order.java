package io.cotidal.remote.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A request of any method.
 *
 * @param question where it goes, with which headers, and how long its answer may be
 * @param content what is sent along; a GET has none
 */
public record Order(Method method, Question question, Optional<Content> content) {
  /** What is asked of the server. */
  public enum Method {
    GET,
    PUT,
    POST,
    DELETE
  }

  /** Checks that a GET brings nothing. */
  public Order {
    if (method == Method.GET && content.isPresent()) {
      throw new IllegalArgumentException("a GET has no content");
    }
  }

  /** A body. */
  public static final class Content {
    /** The longest body that is sent, in bytes. */
    public static final int MOST = 8 * 1024 * 1024;

    private final String type;
    private final byte[] bytes;

    /**
     * A body.
     *
     * @param type its media type
     * @throws IllegalArgumentException if it is longer than {@link #MOST}, or the type is no
     *     header's value
     */
    public Content(String type, byte[] bytes) {
      if (bytes.length > MOST) {
        throw new IllegalArgumentException("a body of more than " + MOST + " bytes is not sent");
      }
      Question.check("Content-Type", type);
      this.type = type;
      this.bytes = bytes.clone();
    }

    /** JSON. */
    public static Content json(String text) {
      return new Content("application/json", text.getBytes(StandardCharsets.UTF_8));
    }

    /** XML in UTF-8. */
    public static Content xml(String text) {
      return new Content("text/xml", text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Asks. */
  public static Order get(Question question) {
    return new Order(Method.GET, question, Optional.empty());
  }

  /** The request as it is sent. */
  byte[] bytes(String host) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    StringBuilder head = new StringBuilder(question.head(method.name(), host));
    if (content.isPresent()) {
      head.append("Content-Type: ").append(content.get().type).append("\r\n");
    }
    if (method != Method.GET) {
      int length = content.map(body -> body.bytes.length).orElse(0);
      head.append("Content-Length: ").append(length).append("\r\n");
    }
    all.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    content.ifPresent(body -> all.writeBytes(body.bytes));
    return all.toByteArray();
  }
}
