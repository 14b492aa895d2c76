package io.cotidal.remote.http.kept;

import io.cotidal.remote.Deadline;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** Where the body of an answer ends: after so many bytes, after its last chunk, or as it closes. */
final class Framing {
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;
  private static final int MOST_TRAILERS = 100;

  private enum Form {
    LENGTH,
    CHUNKS,
    REST
  }

  private final Inlet inlet;
  private final Form form;
  private long left;
  private boolean over;
  private boolean inside;

  private Framing(Inlet inlet, Form form, long left) {
    this.inlet = inlet;
    this.form = form;
    this.left = left;
    this.over = form == Form.LENGTH && left == 0;
  }

  /**
   * How the answer to {@code method} is framed.
   *
   * @throws NotHttp if two readers could frame it differently
   */
  static Framing of(Inlet inlet, String method, Head head) throws NotHttp {
    OptionalLong length = length(head);
    List<String> coding = head.headers().all("Transfer-Encoding");
    if (method.equals("HEAD") || head.status() == NO_CONTENT || head.status() == NOT_MODIFIED) {
      return new Framing(inlet, Form.LENGTH, 0);
    }
    if (!coding.isEmpty()) {
      boolean known = coding.size() == 1 && coding.getFirst().equalsIgnoreCase("chunked");
      if (!known || length.isPresent() || head.minor() == 0) {
        throw new NotHttp("its length is said in two ways, or in an unknown one");
      }
      return new Framing(inlet, Form.CHUNKS, 0);
    }
    return length.isPresent()
        ? new Framing(inlet, Form.LENGTH, length.getAsLong())
        : new Framing(inlet, Form.REST, 0);
  }

  /** The length that a head names. */
  static OptionalLong length(Head head) throws NotHttp {
    List<String> lengths = head.headers().all("Content-Length").stream().distinct().toList();
    if (lengths.isEmpty()) {
      return OptionalLong.empty();
    }
    if (lengths.size() > 1) {
      throw new NotHttp("it names two lengths");
    }
    return OptionalLong.of(number(lengths.getFirst(), 10));
  }

  private static long number(String text, int radix) throws NotHttp {
    // Eighteen decimal and fifteen hexadecimal digits fit a long.
    if (!text.matches(radix == 16 ? "[0-9a-fA-F]{1,15}" : "[0-9]{1,18}")) {
      throw new NotHttp("a length is '" + text + "'");
    }
    return Long.parseLong(text, radix);
  }

  /** Whether all has been read. */
  boolean over() {
    return over;
  }

  /** Whether the connection outlives the body. */
  boolean keeps() {
    return form != Form.REST;
  }

  /** Whether what is left is known to be short, or may be. */
  boolean shorterThan(long most) {
    return form == Form.CHUNKS || left <= most;
  }

  /** Reads of the rest end then. */
  void hurry(Deadline deadline, Duration stall) {
    inlet.pace(deadline, stall);
  }

  /** Some bytes, or -1 if it is over. */
  int some(byte[] into, int at, int most) throws IOException {
    return switch (form) {
      case LENGTH -> counted(into, at, most);
      case CHUNKS -> chunked(into, at, most);
      case REST -> {
        int length = inlet.some(into, at, most);
        over = length < 0;
        yield length;
      }
    };
  }

  private int counted(byte[] into, int at, int most) throws IOException {
    if (left == 0) {
      return -1;
    }
    int length = inlet.some(into, at, (int) Math.min(most, left));
    if (length < 0) {
      throw new EOFException("it ended " + left + " bytes too early");
    }
    left -= length;
    over = left == 0;
    return length;
  }

  private int chunked(byte[] into, int at, int most) throws IOException {
    if (!inside) {
      left = number(inlet.line().replaceFirst("[ \t]*(;.*)?$", ""), 16);
      if (left == 0) {
        trailers();
        over = true;
        return -1;
      }
      inside = true;
    }
    int length = inlet.some(into, at, (int) Math.min(most, left));
    if (length < 0) {
      throw new EOFException("it ended in a chunk");
    }
    left -= length;
    if (left == 0) {
      inside = false;
      if (!inlet.line().isEmpty()) {
        throw new NotHttp("a chunk does not end where it said");
      }
    }
    return length;
  }

  private void trailers() throws IOException {
    for (int i = 0; !inlet.line().isEmpty(); i++) {
      if (i > MOST_TRAILERS) {
        throw new NotHttp("it never ends");
      }
    }
  }
}
