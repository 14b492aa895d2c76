package io.cotidal.gateway.wire;

import io.cotidal.gateway.wire.message.BadMessage;
import io.cotidal.gateway.wire.message.BodyReader;
import io.cotidal.gateway.wire.message.HeadWriter;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * What of a body has come at once. Whoever gets it writes or drops it.
 *
 * @param all the bytes as they came, without the marks of chunks
 * @param bytes how many they are
 */
record Pieces(List<ByteBuf> all, int bytes) {
  private static final int MARK = 16;

  /** Takes all out of {@code in} that belongs to the body. */
  static Pieces of(ByteBuf in, BodyReader body) throws BadMessage {
    List<ByteBuf> all = new ArrayList<>(1);
    int bytes = 0;
    try {
      for (ByteBuf piece = body.next(in); piece != null; piece = body.next(in)) {
        all.add(piece);
        bytes += piece.readableBytes();
      }
      return new Pieces(all, bytes);
    } catch (BadMessage e) {
      all.forEach(ByteBuf::release);
      throw e;
    }
  }

  /** Hands them on, as one chunk if the body is sent in chunks. */
  void write(Link to, boolean chunked) {
    if (bytes == 0) {
      drop();
      return;
    }
    if (chunked) {
      ByteBuf mark = to.buffer(MARK);
      HeadWriter.chunk(mark, bytes);
      to.write(mark);
    }
    all.forEach(to::write);
    if (chunked) {
      ByteBuf mark = to.buffer(MARK);
      HeadWriter.chunkEnd(mark);
      to.write(mark);
    }
  }

  void drop() {
    all.forEach(ByteBuf::release);
  }
}
