package io.cotidal.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/** Reads a request's body as far as it is allowed to go. */
final class Bodies {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private Bodies() {}

  /** Whether the body says that it is JSON. */
  static boolean isJson(Request request) {
    String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    if (type == null) {
      return false;
    }
    String plain = type.toLowerCase(Locale.ROOT).replace(" ", "").replace("\"", "");
    return plain.equals("application/json") || plain.equals("application/json;charset=utf-8");
  }

  /**
   * The body as the route takes it. One that is no JSON is not read here: whoever takes it has a
   * limit and a deadline of their own for it.
   */
  static Call.Body of(Request request, Route route, int most) throws IOException {
    if (!(route.input() instanceof Shape.Media)) {
      return new Call.Body.Whole(read(request, most));
    }
    if (compressed(request)) {
      throw Problem.of(
              Problem.Code.UNSUPPORTED_MEDIA_TYPE,
              "the body has a Content-Encoding",
              "send the bytes as they are, without that header")
          .refusal();
    }
    return new Call.Body.Stream(Content.Source.asInputStream(request), request.getLength());
  }

  /**
   * The whole body.
   *
   * @throws Problem.Refusal if it is larger than {@code most}, or there is one and it is not plain
   *     JSON
   */
  static byte[] read(Request request, int most) throws IOException {
    byte[] body = whole(request, most);
    if (body.length > 0 && (!isJson(request) || compressed(request))) {
      throw Problem.of(
              Problem.Code.UNSUPPORTED_MEDIA_TYPE,
              "the body is not plain JSON",
              "send Content-Type: application/json, uncompressed")
          .refusal();
    }
    return body;
  }

  /**
   * The whole body of any type.
   *
   * @throws Problem.Refusal if it is larger than {@code most}
   */
  static byte[] whole(Request request, int most) throws IOException {
    if (request.getLength() > most) {
      throw tooLarge(most);
    }
    byte[] body;
    try (InputStream in = Content.Source.asInputStream(request)) {
      body = readAtMost(in, most + 1);
    }
    if (body.length > most) {
      throw tooLarge(most);
    }
    return body;
  }

  /** Whether the body says that it is compressed. */
  static boolean compressed(Request request) {
    return request.getHeaders().contains(HttpHeader.CONTENT_ENCODING);
  }

  /**
   * Each read begins the connection's idle time-out anew, so the whole has a deadline of its own.
   */
  private static byte[] readAtMost(InputStream in, int most) throws IOException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    byte[] part = new byte[8192];
    int length;
    while (whole.size() < most
        && (length = in.read(part, 0, Math.min(part.length, most - whole.size()))) >= 0) {
      whole.write(part, 0, length);
      if (System.nanoTime() - end > 0) {
        throw Problem.of(Problem.Code.TIMEOUT, "the body took too long to arrive").refusal();
      }
    }
    return whole.toByteArray();
  }

  private static Problem.Refusal tooLarge(int most) {
    return Problem.of(Problem.Code.TOO_LARGE, "the body exceeds " + most + " bytes").refusal();
  }
}
