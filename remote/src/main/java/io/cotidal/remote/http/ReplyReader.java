package io.cotidal.remote.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Reads one answer: with a length, in chunks, or to the end of the connection. What is longer than
 * its limit is refused and never held; what ends early is refused, too.
 */
final class ReplyReader {
  private static final int LONGEST_HEAD = 64 * 1024;

  private final InputStream in;
  private final int most;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private int head;

  ReplyReader(InputStream in, int most) {
    this.in = new BufferedInputStream(in, 16 * 1024);
    this.most = most;
  }

  Reply read() throws IOException, HttpTrouble {
    int status = status();
    Map<String, String> headers = headers();
    while (status < 200) {
      // An interim answer; the real one follows.
      status = status();
      headers = headers();
    }
    String length = headers.get("content-length");
    String coding = headers.get("transfer-encoding");
    if (coding != null) {
      if (!coding.equalsIgnoreCase("chunked")) {
        throw noHttp("a coding is not known");
      }
      chunks();
    } else if (status != 204 && status != 304) {
      if (length == null) {
        rest();
      } else {
        take(number(length, 10));
      }
    }
    return new Reply(status, headers, body.toByteArray());
  }

  private int status() throws IOException, HttpTrouble {
    String line = line();
    String[] words = line.split(" ", 3);
    if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("[1-5]\\d\\d")) {
      throw noHttp("it begins with '" + Words.line(line) + "'");
    }
    return Integer.parseInt(words[1]);
  }

  private Map<String, String> headers() throws IOException, HttpTrouble {
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(
            line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
            line.substring(colon + 1).strip());
      }
    }
    return headers;
  }

  private void chunks() throws IOException, HttpTrouble {
    for (long size = chunk(); size > 0; size = chunk()) {
      take(size);
      if (!line().isEmpty()) {
        throw noHttp("a chunk does not end where it said");
      }
    }
    headers();
  }

  private long chunk() throws IOException, HttpTrouble {
    head = 0;
    return number(line().replaceFirst(";.*", "").strip(), 16);
  }

  private void take(long size) throws IOException, HttpTrouble {
    if (body.size() + size > most) {
      throw tooLong();
    }
    byte[] bytes = in.readNBytes((int) size);
    if (bytes.length < size) {
      throw cut();
    }
    body.write(bytes, 0, bytes.length);
  }

  private void rest() throws IOException, HttpTrouble {
    byte[] bytes = in.readNBytes(most + 1);
    if (bytes.length > most) {
      throw tooLong();
    }
    body.write(bytes, 0, bytes.length);
  }

  private String line() throws IOException, HttpTrouble {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int one = in.read(); one != '\n'; one = in.read()) {
      if (one < 0) {
        throw cut();
      }
      if (++head > LONGEST_HEAD) {
        throw noHttp("its head is too long");
      }
      line.write(one);
    }
    return line.toString(StandardCharsets.ISO_8859_1).strip();
  }

  private static long number(String text, int radix) throws HttpTrouble {
    // Fifteen digits fit a long in either radix.
    if (!text.matches(radix == 16 ? "[0-9a-fA-F]{1,15}" : "[0-9]{1,15}")) {
      throw noHttp("a length is '" + Words.line(text) + "'");
    }
    return Long.parseLong(text, radix);
  }

  private HttpTrouble tooLong() {
    return new HttpTrouble("the answer is longer than " + most + " bytes: it is refused");
  }

  private static HttpTrouble cut() {
    return new HttpTrouble("the connection ended in the middle of an answer: was it stopped?");
  }

  private static HttpTrouble noHttp(String reason) {
    return new HttpTrouble(
        "what answers does not speak HTTP (" + reason + "): correct the address");
  }
}
