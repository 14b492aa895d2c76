package io.cotidal.gateway.wire.message;

import io.cotidal.gateway.door.Answer;
import io.cotidal.gateway.door.Field;
import java.util.List;

/** Reads the heads of answers. */
public final class Answers {
  private static final int SWITCHING = 101;
  private static final int FIRST_FINAL = 200;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;
  private static final String VERSION = "HTTP/1.";

  /** {@code HTTP/1.1 200} */
  private static final int SHORTEST = 12;

  private Answers() {}

  /**
   * Reads a head.
   *
   * @param bytes all of it and nothing else, as {@link HeadScan} has found it
   * @param method of the request that it answers
   */
  public static AnswerHead read(byte[] bytes, String method) throws BadMessage {
    int end = 0;
    while (bytes[end] != '\r') {
      end++;
    }
    String line = Fields.text(bytes, 0, end);
    int status = status(line);
    int minor = line.charAt(VERSION.length()) - '0';
    if (minor < 0 || minor > 9 || status == SWITCHING) {
      throw new BadMessage("the first line is not an answer's that was asked for");
    }
    String reason = line.length() > SHORTEST + 1 ? line.substring(SHORTEST + 1) : "";
    List<Field> all = Fields.read(bytes, end + 2, bytes.length - 2);
    Hops hops = Hops.of(all);
    Framing said = said(all);
    Framing framing = bodied(method, status) ? said : new Framing.None();
    boolean lies = status == NO_CONTENT && !said.empty() && !(said instanceof Framing.UntilClose);
    List<Field> rest = hops.rest();
    if (lies) {
      // What follows, if anything does, is nobody's answer: the connection is used no more.
      rest = rest.stream().filter(field -> !field.is("Content-Length")).toList();
    }
    boolean keep =
        !lies
            && !hops.close()
            && (minor > 0 || hops.keep())
            && !(framing instanceof Framing.UntilClose);
    return new AnswerHead(new Answer(status, rest), reason, framing, keep);
  }

  private static int status(String line) throws BadMessage {
    boolean shaped =
        line.startsWith(VERSION)
            && line.length() >= SHORTEST
            && line.charAt(8) == ' '
            && (line.length() == SHORTEST || line.charAt(SHORTEST) == ' ');
    long status = shaped ? RequestHead.length(line.substring(9, SHORTEST)) : -1;
    if (status < 100) {
      throw new BadMessage("the first line is not an answer's");
    }
    return (int) status;
  }

  private static boolean bodied(String method, int status) {
    return status >= FIRST_FINAL
        && status != NO_CONTENT
        && status != NOT_MODIFIED
        && !method.equals("HEAD");
  }

  private static Framing said(List<Field> all) throws BadMessage {
    Framing framing = new Framing.UntilClose();
    for (Field field : all) {
      Framing said;
      if (field.is("Content-Length")) {
        said = new Framing.Length(RequestHead.length(field.value()));
      } else if (field.is("Transfer-Encoding")) {
        said = new Framing.Chunked();
      } else {
        continue;
      }
      boolean wrong =
          said instanceof Framing.Length length
              ? length.bytes() < 0
              : !field.value().equalsIgnoreCase("chunked");
      if (wrong || (!(framing instanceof Framing.UntilClose) && !framing.equals(said))) {
        throw new BadMessage("how long the answer's body is cannot be told");
      }
      framing = said;
    }
    return framing;
  }
}
