package io.cotidal.gateway.wire.message;

import io.cotidal.gateway.door.Field;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the end of one body, in bytes that may be cut anywhere. Sizes of chunks are hexadecimal
 * digits and nothing else; what may follow them after a semicolon is dropped.
 */
public final class BodyReader {
  private static final int MOST_DIGITS = 15;
  private static final int LONGEST_EXTENSION = 4_096;

  private enum Where {
    DATA,
    SIZE,
    EXTENSION,
    SIZE_LF,
    DATA_CR,
    DATA_LF,
    TRAILERS,
    END
  }

  private final Framing framing;
  private final int limit;
  private final ByteArrayOutputStream lines = new ByteArrayOutputStream(0);
  private Where where;
  private long left;
  private int letters;
  private int line;
  private List<Field> trailers = List.of();

  /**
   * Of one message.
   *
   * @param limit the most bytes that the lines after the last chunk may have
   */
  public BodyReader(Framing framing, int limit) {
    this.framing = framing;
    this.limit = limit;
    this.left = framing instanceof Framing.Length length ? length.bytes() : 0;
    this.where =
        framing.empty() ? Where.END : framing instanceof Framing.Chunked ? Where.SIZE : Where.DATA;
  }

  /** How the end is found. */
  public Framing framing() {
    return framing;
  }

  /** Whether the body has ended. */
  public boolean done() {
    return where == Where.END;
  }

  /** Whether the end of the connection is the end of the body. */
  public boolean endsWithConnection() {
    return framing instanceof Framing.UntilClose;
  }

  /** What came after the last chunk, without fields of the connection and of framing. */
  public List<Field> trailers() {
    return trailers;
  }

  /**
   * The next piece of the body, which is the caller's to release; null if more bytes are needed, or
   * if there are no more. Takes from {@code in} what belongs to the body and nothing after it.
   */
  public @Nullable ByteBuf next(ByteBuf in) throws BadMessage {
    while (in.isReadable() && where != Where.END) {
      if (where == Where.DATA) {
        return piece(in);
      }
      byte letter = in.readByte();
      switch (where) {
        case SIZE -> size(letter);
        case EXTENSION -> extension(letter);
        case SIZE_LF -> sizeEnds(letter);
        case DATA_CR -> expect(letter, '\r', Where.DATA_LF);
        case DATA_LF -> expect(letter, '\n', Where.SIZE);
        case TRAILERS -> trailer(letter);
        case DATA, END -> throw new AssertionError(where);
      }
    }
    return null;
  }

  private ByteBuf piece(ByteBuf in) {
    if (endsWithConnection()) {
      return in.readRetainedSlice(in.readableBytes());
    }
    int length = (int) Math.min(left, in.readableBytes());
    left -= length;
    if (left == 0) {
      where = framing instanceof Framing.Chunked ? Where.DATA_CR : Where.END;
    }
    return in.readRetainedSlice(length);
  }

  private void size(byte letter) throws BadMessage {
    int digit = Letters.hex(letter);
    if (digit >= 0 && letters < MOST_DIGITS) {
      left = left * 16 + digit;
      letters++;
    } else if (letters > 0 && letter == '\r') {
      where = Where.SIZE_LF;
    } else if (letters > 0 && letter == ';') {
      letters = 0;
      where = Where.EXTENSION;
    } else {
      throw new BadMessage("the size of a chunk is no number");
    }
  }

  private void extension(byte letter) throws BadMessage {
    if (letter == '\r') {
      where = Where.SIZE_LF;
    } else if (!Letters.value(letter) || ++letters > LONGEST_EXTENSION) {
      throw new BadMessage("what follows the size of a chunk is too long, or no text");
    }
  }

  private void sizeEnds(byte letter) throws BadMessage {
    expect(letter, '\n', left == 0 ? Where.TRAILERS : Where.DATA);
    letters = 0;
  }

  private void expect(byte letter, char wanted, Where next) throws BadMessage {
    if (letter != wanted) {
      throw new BadMessage("a chunk does not end where its size says");
    }
    where = next;
  }

  private void trailer(byte letter) throws BadMessage {
    lines.write(letter);
    line++;
    if (lines.size() > limit) {
      throw new BadMessage("the trailers have more than " + limit + " bytes");
    }
    if (letter != '\n') {
      return;
    }
    byte[] all = lines.toByteArray();
    if (line < 2 || all[all.length - 2] != '\r') {
      throw new BadMessage("a line ends with a bare LF");
    }
    if (line == 2) {
      trailers =
          Hops.of(Fields.read(all, 0, all.length - 2)).rest().stream()
              .filter(field -> !field.is("Content-Length") && !field.is("Host"))
              .toList();
      where = Where.END;
    }
    line = 0;
  }
}
