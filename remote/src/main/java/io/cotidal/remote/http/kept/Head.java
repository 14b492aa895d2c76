package io.cotidal.remote.http.kept;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of an answer.
 *
 * @param minor 0 or 1, as in HTTP/1.1
 * @param reason the words after the status; perhaps empty
 */
record Head(int minor, int status, String reason, Headers headers) {
  private static final int LONGEST = 256 * 1024;
  private static final int SWITCHING = 101;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.([01]) ([1-5]\\d\\d)(?: (.*))?");

  /** Reads one, strictly: what two readers could read differently is refused. */
  static Head read(Inlet inlet) throws IOException {
    String first = inlet.line();
    Matcher status = STATUS.matcher(first);
    if (!status.matches()) {
      throw new NotHttp("it begins with '" + first + "'");
    }
    List<Header> headers = new ArrayList<>();
    int length = first.length();
    for (String line = inlet.line(); !line.isEmpty(); line = inlet.line()) {
      length += line.length() + 2;
      if (length > LONGEST) {
        throw new NotHttp("its head is too long");
      }
      headers.add(header(line));
    }
    Head head =
        new Head(
            Integer.parseInt(status.group(1)),
            Integer.parseInt(status.group(2)),
            status.group(3) == null ? "" : status.group(3),
            new Headers(headers));
    if (head.status == SWITCHING) {
      throw new NotHttp("it turns to another protocol unasked");
    }
    return head;
  }

  private static Header header(String line) throws NotHttp {
    int colon = line.indexOf(':');
    String name = colon < 0 ? "" : line.substring(0, colon);
    String value = line.substring(colon + 1).strip();
    if (!Header.isName(name) || !Header.isValue(value)) {
      throw new NotHttp("a line of its head is no header");
    }
    return new Header(name, value);
  }

  /** Whether the real answer is still to come. */
  boolean interim() {
    return status < 200;
  }

  /** Whether the connection may serve another call. */
  boolean keeps() {
    return minor == 1
        ? !headers.lists("Connection", "close")
        : headers.lists("Connection", "keep-alive");
  }
}
