package io.cotidal.copies.servers.docker;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Reads one HTTP answer piece by piece: with a length, in chunks, or to the end of the connection.
 * A body over {@link #MOST} bytes is refused and never held.
 */
final class AnswerReader {
  /** More than a thousand containers' descriptions. */
  static final int MOST = 16 * 1024 * 1024;

  private static final int LONGEST_HEAD = 64 * 1024;
  private static final int TO_THE_END = -1;
  private static final int CHUNKS = -2;

  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private Part part = Part.STATUS;
  private int status;
  private long length = TO_THE_END;
  private long left;
  private int head;

  private enum Part {
    STATUS,
    HEADERS,
    BODY,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILERS,
    DONE
  }

  /**
   * Takes the first {@code count} bytes in.
   *
   * @return whether the answer is whole
   */
  boolean take(byte[] bytes, int count) throws DockerException {
    int at = 0;
    while (at < count && part != Part.DONE) {
      at =
          part == Part.BODY || part == Part.CHUNK
              ? content(bytes, at, count)
              : character(bytes, at);
    }
    return part == Part.DONE;
  }

  /** The whole answer. */
  Answer answer() {
    return new Answer(status, body.toByteArray());
  }

  /**
   * The connection has ended.
   *
   * @throws DockerException if the answer is not whole
   */
  Answer ended() throws DockerException {
    if (part == Part.BODY && length == TO_THE_END) {
      return answer();
    }
    throw new DockerException(
        "the Docker Engine ended the connection in the middle of an answer: was dockerd stopped?");
  }

  private int content(byte[] bytes, int from, int count) throws DockerException {
    int most = count - from;
    int size = length == TO_THE_END ? most : (int) Math.min(most, left);
    if (body.size() + size > MOST) {
      throw new DockerException(
          "the Docker Engine's answer is longer than " + MOST + " bytes: it is refused");
    }
    body.write(bytes, from, size);
    left -= size;
    if (length != TO_THE_END && left == 0) {
      part = part == Part.CHUNK ? Part.CHUNK_END : Part.DONE;
    }
    return from + size;
  }

  private int character(byte[] bytes, int at) throws DockerException {
    if (++head > LONGEST_HEAD && part != Part.CHUNK_SIZE && part != Part.CHUNK_END) {
      throw noHttp("its head is too long");
    }
    if (bytes[at] == '\n') {
      String text = line.toString(StandardCharsets.ISO_8859_1).strip();
      line.reset();
      line(text);
    } else if (line.size() < LONGEST_HEAD) {
      line.write(bytes[at]);
    } else {
      throw noHttp("a line is too long");
    }
    return at + 1;
  }

  private void line(String text) throws DockerException {
    switch (part) {
      case STATUS -> status(text);
      case HEADERS -> header(text);
      case CHUNK_SIZE -> chunk(text);
      case CHUNK_END -> part = Part.CHUNK_SIZE;
      case TRAILERS -> part = text.isEmpty() ? Part.DONE : Part.TRAILERS;
      case BODY, CHUNK, DONE -> throw new IllegalStateException("no line is read in " + part);
    }
  }

  private void status(String text) throws DockerException {
    String[] words = text.split(" ", 3);
    if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("[1-5]\\d\\d")) {
      throw noHttp("it begins with '" + Answer.oneLine(text) + "'");
    }
    status = Integer.parseInt(words[1]);
    part = Part.HEADERS;
  }

  private void header(String text) throws DockerException {
    if (text.isEmpty()) {
      headEnded();
      return;
    }
    int colon = text.indexOf(':');
    String name = text.substring(0, Math.max(0, colon)).strip().toLowerCase(Locale.ROOT);
    String value = text.substring(colon + 1).strip();
    if (name.equals("content-length")) {
      length = number(value, 10);
    } else if (name.equals("transfer-encoding") && value.equalsIgnoreCase("chunked")) {
      length = CHUNKS;
    }
  }

  private void headEnded() {
    if (status < 200) {
      // An interim answer; the real one follows.
      part = Part.STATUS;
    } else if (status == 204 || status == 304 || length == 0) {
      part = Part.DONE;
    } else if (length == CHUNKS) {
      part = Part.CHUNK_SIZE;
    } else {
      left = length;
      part = Part.BODY;
    }
  }

  private void chunk(String text) throws DockerException {
    left = number(text.replaceFirst(";.*", "").strip(), 16);
    part = left == 0 ? Part.TRAILERS : Part.CHUNK;
  }

  private static long number(String text, int radix) throws DockerException {
    // Fifteen digits fit a long in either radix.
    if (!text.matches(radix == 16 ? "[0-9a-fA-F]{1,15}" : "[0-9]{1,15}")) {
      throw noHttp("a length is '" + Answer.oneLine(text) + "'");
    }
    return Long.parseLong(text, radix);
  }

  private static DockerException noHttp(String reason) {
    return new DockerException(
        "what answers on the Docker Engine's socket does not speak HTTP ("
            + reason
            + "): name the Engine's own socket");
  }
}
