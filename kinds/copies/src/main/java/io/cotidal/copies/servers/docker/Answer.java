package io.cotidal.copies.servers.docker;

import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** What the Docker Engine answered: an HTTP status and a body, which may be empty. */
final class Answer {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST = 300;

  private final int status;
  private final byte[] body;

  Answer(int status, byte[] body) {
    this.status = status;
    this.body = body.clone();
  }

  int status() {
    return status;
  }

  /** A copy. */
  byte[] body() {
    return body.clone();
  }

  /** Whether it did what it was asked to, or found it done. */
  boolean good() {
    return (status >= 200 && status < 300) || status == 304;
  }

  /** The body as JSON. */
  JsonNode json() throws DockerException {
    try {
      return JSON.readTree(body);
    } catch (JacksonException e) {
      throw new DockerException(
          "the Docker Engine answered something that is no JSON ("
              + oneLine(new String(body, StandardCharsets.UTF_8))
              + "): is another program listening on that socket?",
          e);
    }
  }

  /** The reason of a refusal, in one line of bounded length. */
  String reason() {
    String text = new String(body, StandardCharsets.UTF_8);
    try {
      String message = JSON.readTree(body).path("message").asString("");
      if (!message.isEmpty()) {
        text = message;
      }
    } catch (JacksonException e) {
      // Not every refusal is JSON: a proxy's, or the Go server's own, is plain text.
    }
    return text.isBlank() ? "status " + status : oneLine(text);
  }

  static String oneLine(String text) {
    String line = text.strip().replaceAll("[\\s\\p{Cntrl}]+", " ");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}
