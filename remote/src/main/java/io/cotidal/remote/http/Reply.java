package io.cotidal.remote.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** A whole answer. */
public final class Reply {
  private final int status;
  private final Map<String, String> headers;
  private final byte[] body;

  /**
   * An answer.
   *
   * @param headers by their names in lower case
   */
  Reply(int status, Map<String, String> headers, byte[] body) {
    this.status = status;
    this.headers = Map.copyOf(headers);
    this.body = body;
  }

  /** The status code. */
  public int status() {
    return status;
  }

  /** The last value of a header. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(java.util.Locale.ROOT)));
  }

  /** The body as it came. */
  public byte[] bytes() {
    return body.clone();
  }

  /**
   * The body.
   *
   * @throws HttpTrouble if it is not UTF-8
   */
  public String text() throws HttpTrouble {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw new HttpTrouble("the answer is not UTF-8: does something else listen there?", e);
    }
  }
}
