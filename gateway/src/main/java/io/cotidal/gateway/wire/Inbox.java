package io.cotidal.gateway.wire;

import io.cotidal.gateway.wire.message.BadMessage;
import io.cotidal.gateway.wire.message.BodyReader;
import io.cotidal.gateway.wire.message.HeadScan;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/** What has come on a connection and was not understood yet. */
final class Inbox {
  private final HeadScan scan;
  private @Nullable ByteBuf pending;

  /** With the most bytes that a head may have. */
  Inbox(int limit) {
    this.scan = new HeadScan(limit);
  }

  boolean empty() {
    return pending == null;
  }

  /** Takes the buffer. */
  void add(ByteBufAllocator allocator, ByteBuf in) {
    pending =
        pending == null
            ? in
            : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, pending, in);
  }

  /** Whether a head has begun, empty lines before it taken away. */
  boolean headBegun() throws BadMessage {
    ByteBuf in = pending;
    if (in == null) {
      return false;
    }
    boolean begun = HeadScan.skipEmptyLines(in);
    settle(in);
    return begun;
  }

  /** The bytes of the head that comes next; null if it is not whole yet. */
  byte @Nullable [] head() throws BadMessage {
    ByteBuf in = pending;
    int length = in == null ? 0 : scan.length(in);
    if (in == null || length == 0) {
      return null;
    }
    byte[] bytes = new byte[length];
    in.readBytes(bytes);
    settle(in);
    return bytes;
  }

  /** What has come of a body; null if nothing has come at all. */
  @Nullable Pieces body(BodyReader reader) throws BadMessage {
    ByteBuf in = pending;
    if (in == null) {
      return null;
    }
    Pieces pieces = Pieces.of(in, reader);
    settle(in);
    return pieces;
  }

  /** Drops all, and says how much that was. */
  int drop() {
    ByteBuf in = pending;
    if (in == null) {
      return 0;
    }
    int bytes = in.readableBytes();
    in.release();
    pending = null;
    return bytes;
  }

  private void settle(ByteBuf in) {
    if (!in.isReadable()) {
      in.release();
      pending = null;
    }
  }
}
