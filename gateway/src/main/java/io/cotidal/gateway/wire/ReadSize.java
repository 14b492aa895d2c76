package io.cotidal.gateway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.util.function.IntSupplier;

/**
 * How much is read at once: little for heads, and more and more while a body comes as fast as it is
 * read, since the cost of a body is that of its reads. Each client may hold as much as one read:
 * the more there are, the less that is.
 */
final class ReadSize implements RecvByteBufAllocator {
  private static final int LEAST = 2_048;
  private static final int FIRST = 4_096;
  private static final int MOST = 1 << 20;

  /** With very many clients. */
  private static final int SLOW = 16_384;

  /** Bytes of all clients of an event loop together, if none takes what was read for it. */
  private static final int ALL = 64 << 20;

  /** What is read for clients is a part of the memory: heads, chunks and the pool need theirs. */
  private static final int PARTS = 4;

  private final AdaptiveRecvByteBufAllocator adaptive =
      new AdaptiveRecvByteBufAllocator(LEAST, FIRST, MOST);
  private final int all;
  private final IntSupplier clients;

  /**
   * On one event loop.
   *
   * @param all the bytes of all its clients together
   * @param clients how many it has now
   */
  ReadSize(int all, IntSupplier clients) {
    this.all = all;
    this.clients = clients;
  }

  /**
   * The bytes that all clients of an event loop may have together.
   *
   * @param memory that the process may have outside its heap, in bytes
   * @param loops that share it
   */
  static int all(long memory, int loops) {
    return Math.clamp(memory / PARTS / loops, SLOW, ALL);
  }

  /** The most bytes, with so many clients. */
  static int limit(int all, int clients) {
    return Math.clamp(all / Math.max(1, clients), SLOW, MOST);
  }

  @Override
  public ExtendedHandle newHandle() {
    return new Limited((ExtendedHandle) adaptive.newHandle(), all, clients);
  }

  private static final class Limited extends DelegatingHandle implements ExtendedHandle {
    private final ExtendedHandle adaptive;
    private final int all;
    private final IntSupplier clients;

    Limited(ExtendedHandle adaptive, int all, IntSupplier clients) {
      super(adaptive);
      this.adaptive = adaptive;
      this.all = all;
      this.clients = clients;
    }

    @Override
    public int guess() {
      return Math.min(adaptive.guess(), limit(all, clients.getAsInt()));
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      return allocator.ioBuffer(guess());
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
      return adaptive.continueReading(maybeMore);
    }
  }
}
