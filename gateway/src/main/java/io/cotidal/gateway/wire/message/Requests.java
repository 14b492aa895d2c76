package io.cotidal.gateway.wire.message;

import io.cotidal.gateway.door.Field;
import io.cotidal.gateway.door.Head;
import java.util.ArrayList;
import java.util.List;

/** Reads the heads of requests. */
public final class Requests {
  private static final int NOT_SERVED = 501;
  private static final int NO_SUCH_VERSION = 505;
  private static final String VERSION = "HTTP/1.";

  private Requests() {}

  /**
   * Reads a head.
   *
   * @param bytes all of it and nothing else, as {@link HeadScan} has found it
   */
  public static RequestHead read(byte[] bytes) throws BadMessage {
    int method = 0;
    while (Letters.token(bytes[method])) {
      method++;
    }
    int target = method + 1;
    while (bytes[method] == ' ' && Letters.target(bytes[target])) {
      target++;
    }
    if (method == 0 || bytes[method] != ' ' || target == method + 1 || bytes[target] != ' ') {
      throw new BadMessage("the first line is not a request's");
    }
    int minor = minor(bytes, target + 1);
    List<Field> fields = Fields.read(bytes, target + VERSION.length() + 4, bytes.length - 2);
    String name = Fields.text(bytes, 0, method);
    String path = Fields.text(bytes, method + 1, target);
    if (name.equals("CONNECT")) {
      throw new BadMessage(NOT_SERVED, "there are no tunnels here");
    }
    if (!path.startsWith("/") && !path.equals("*")) {
      // Whoever judges the path and whoever serves it might find it at different places.
      throw new BadMessage("the target is not a path");
    }
    return read(name, path, minor, fields);
  }

  private static int minor(byte[] bytes, int from) throws BadMessage {
    int last = from + VERSION.length();
    int end = from;
    while (bytes[end] != '\r') {
      end++;
    }
    if (end != last + 1 || !Fields.text(bytes, from, last).equals(VERSION)) {
      throw new BadMessage("the first line does not end with a version of HTTP/1");
    }
    return switch (bytes[last]) {
      case '0' -> 0;
      case '1' -> 1;
      default -> throw new BadMessage(NO_SUCH_VERSION, "HTTP/1.1 and HTTP/1.0 are served");
    };
  }

  private static RequestHead read(String method, String target, int minor, List<Field> all)
      throws BadMessage {
    checkHost(all, minor);
    Framing framing = framing(all, minor);
    Hops hops = Hops.of(all);
    boolean expects = expects(all);
    List<Field> rest = hops.rest();
    if (expects && (minor == 0 || framing.empty())) {
      // A client of HTTP/1.0 does not know what 100 is; where no body is there is nothing to wait
      // for.
      rest = new ArrayList<>(rest);
      rest.removeIf(field -> field.is("Expect"));
      expects = false;
    }
    boolean keep = !hops.close() && (minor == 1 || hops.keep());
    Head head = new Head(method, target, rest);
    return new RequestHead(head, minor, framing, keep, hops.keep(), expects);
  }

  private static boolean expects(List<Field> all) {
    for (Field field : all) {
      if (field.is("Expect") && field.value().equalsIgnoreCase("100-continue")) {
        return true;
      }
    }
    return false;
  }

  private static void checkHost(List<Field> all, int minor) throws BadMessage {
    int hosts = 0;
    for (Field field : all) {
      if (field.is("Host")) {
        hosts++;
      }
    }
    if (hosts > 1) {
      throw new BadMessage("there is more than one Host");
    }
    if (hosts == 0 && minor == 1) {
      throw new BadMessage("there is no Host");
    }
  }

  /** Of several lengths, or of a length and chunks, two readers might take different ones. */
  private static Framing framing(List<Field> all, int minor) throws BadMessage {
    Framing framing = new Framing.None();
    boolean found = false;
    for (Field field : all) {
      Framing said;
      if (field.is("Content-Length")) {
        said = length(field.value());
      } else if (field.is("Transfer-Encoding")) {
        said = chunked(field.value(), minor);
      } else {
        continue;
      }
      if (found) {
        throw new BadMessage("how long the body is is said more than once");
      }
      found = true;
      framing = said;
    }
    return framing;
  }

  private static Framing length(String value) throws BadMessage {
    long bytes = RequestHead.length(value);
    if (bytes < 0) {
      throw new BadMessage("Content-Length is no number");
    }
    return new Framing.Length(bytes);
  }

  private static Framing chunked(String value, int minor) throws BadMessage {
    if (!value.equalsIgnoreCase("chunked")) {
      // RFC 9112, section 6.1.
      throw new BadMessage(NOT_SERVED, "the only Transfer-Encoding that is taken is chunked");
    }
    if (minor == 0) {
      throw new BadMessage("HTTP/1.0 has no Transfer-Encoding");
    }
    return new Framing.Chunked();
  }
}
