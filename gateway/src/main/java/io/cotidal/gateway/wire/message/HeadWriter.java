package io.cotidal.gateway.wire.message;

import io.cotidal.gateway.door.Field;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Writes heads and the marks of chunks, a byte a character. What would end a line too early, and
 * what is no byte, becomes a question mark.
 */
public final class HeadWriter {
  private static final int USUAL = 1_024;
  private static final int LINE = ('\r' << 8) | '\n';

  private final ByteBuf out;
  private byte[] bytes = new byte[USUAL];
  private int size;

  /** Onto the end of {@code out}, which stays the caller's; all of it at {@link #end}. */
  public HeadWriter(ByteBuf out) {
    this.out = out;
  }

  /** The first line of a request. */
  public HeadWriter request(String method, String target) {
    return text(method).text(" ").text(target).text(" HTTP/1.1").line();
  }

  /** The first line of an answer. */
  public HeadWriter status(int status, String reason) {
    return text("HTTP/1.1 ").text(Integer.toString(status)).text(" ").text(reason).line();
  }

  /**
   * Fields in their order, but how long the body is as {@code framing} has it: where {@code
   * Content-Length} stands if it does, else after them.
   */
  public HeadWriter framed(List<Field> fields, Framing framing) {
    boolean said = false;
    for (Field field : fields) {
      if (field.is("Transfer-Encoding")) {
        continue;
      }
      if (!field.is("Content-Length")) {
        field(field.name(), field.value());
      } else if (!said && framing instanceof Framing.Length length) {
        field(field.name(), Long.toString(length.bytes()));
        said = true;
      }
    }
    return said ? this : framing(framing);
  }

  private HeadWriter framing(Framing framing) {
    return switch (framing) {
      case Framing.Chunked _ -> field("Transfer-Encoding", "chunked");
      case Framing.Length length -> field("Content-Length", Long.toString(length.bytes()));
      case Framing.None _, Framing.UntilClose _ -> this;
    };
  }

  /** Fields in their order, all of them. */
  public HeadWriter fields(List<Field> fields) {
    for (Field field : fields) {
      field(field.name(), field.value());
    }
    return this;
  }

  /** One field. */
  public HeadWriter field(String name, String value) {
    return text(name).text(": ").text(value).line();
  }

  /** The empty line after a head. */
  public void end() {
    line();
    out.writeBytes(bytes, 0, size);
    size = 0;
  }

  /** What stands before the bytes of a chunk. */
  public static void chunk(ByteBuf out, int length) {
    out.writeCharSequence(Integer.toHexString(length), StandardCharsets.ISO_8859_1);
    out.writeShort(LINE);
  }

  /** What stands after the bytes of a chunk. */
  public static void chunkEnd(ByteBuf out) {
    out.writeShort(LINE);
  }

  /** The last chunk, and what follows it. */
  public static void lastChunk(ByteBuf out, List<Field> trailers) {
    out.writeByte('0').writeShort(LINE);
    new HeadWriter(out).fields(trailers).end();
  }

  private HeadWriter text(String text) {
    int length = text.length();
    byte[] to = room(length);
    int at = size;
    for (int i = 0; i < length; i++) {
      char letter = text.charAt(i);
      boolean fits = (letter >= ' ' && letter < 256) || letter == '\t';
      to[at + i] = (byte) (fits ? letter : '?');
    }
    size = at + length;
    return this;
  }

  private HeadWriter line() {
    byte[] to = room(2);
    to[size] = '\r';
    to[size + 1] = '\n';
    size += 2;
    return this;
  }

  private byte[] room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
    }
    return bytes;
  }
}
