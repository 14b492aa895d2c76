package io.cotidal.remote.mail;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A message in plain text.
 *
 * @param from an address without a name
 * @param to at least one, the same
 * @param subject one line; what ends lines is replaced
 * @param text any text
 */
public record Message(String from, List<String> to, String subject, String text) {
  private static final Pattern ADDRESS =
      Pattern.compile("[A-Za-z0-9._%+=-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");

  private static final int LONGEST_LINE = 76;

  /** Checks the addresses. */
  public Message {
    to = List.copyOf(to);
    if (to.isEmpty() || !address(from) || !to.stream().allMatch(Message::address)) {
      throw new IllegalArgumentException("a message needs addresses of the form NAME@HOST");
    }
  }

  /** Whether the text is an address that can be written into a message as it is. */
  public static boolean address(String text) {
    return ADDRESS.matcher(text).matches();
  }

  /** As it is sent: headers, and the text in Base64, so that no line of it can end the message. */
  String data() {
    String body =
        Base64.getMimeEncoder(LONGEST_LINE, new byte[] {'\r', '\n'})
            .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    return "From: <"
        + from
        + ">\r\nTo: "
        + String.join(", ", to.stream().map(each -> "<" + each + ">").toList())
        + "\r\nSubject: =?UTF-8?B?"
        + Base64.getEncoder().encodeToString(plain(subject).getBytes(StandardCharsets.UTF_8))
        + "?=\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8"
        + "\r\nContent-Transfer-Encoding: base64\r\nAuto-Submitted: auto-generated\r\n\r\n"
        + body
        + "\r\n";
  }

  private static String plain(String line) {
    String plain = line.replaceAll("\\p{Cntrl}", " ");
    return plain.length() > 200 ? plain.substring(0, 200) : plain;
  }
}
