package io.cotidal.gateway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.util.function.IntSupplier;

/**
 * How much is read at once: little for heads, more and more while a body comes as fast as it is
 * read, and never more than is said at that moment.
 */
final class ReadSize implements RecvByteBufAllocator {
  private static final int LEAST = 2_048;
  private static final int FIRST = 4_096;
  private static final int MOST = 1 << 20;

  private final AdaptiveRecvByteBufAllocator adaptive =
      new AdaptiveRecvByteBufAllocator(LEAST, FIRST, MOST);
  private final IntSupplier most;

  /**
   * With a limit that may change.
   *
   * @param most bytes
   */
  ReadSize(IntSupplier most) {
    this.most = most;
  }

  @Override
  public ExtendedHandle newHandle() {
    return new Limited((ExtendedHandle) adaptive.newHandle(), most);
  }

  private static final class Limited extends DelegatingHandle implements ExtendedHandle {
    private final ExtendedHandle adaptive;
    private final IntSupplier most;

    Limited(ExtendedHandle adaptive, IntSupplier most) {
      super(adaptive);
      this.adaptive = adaptive;
      this.most = most;
    }

    @Override
    public int guess() {
      return Math.min(adaptive.guess(), most.getAsInt());
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
