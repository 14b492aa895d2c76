package io.cotidal.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("How much is read at once")
@Timeout(10)
class ReadSizeTest {
  private static final int MIB = 1 << 20;
  private static final int ALL = 64 * MIB;

  @Test
  @DisplayName("few clients are read by a MiB, a thousand by what 64 MiB have for each")
  void limit() {
    assertThat(ReadSize.limit(ALL, 0)).isEqualTo(MIB);
    assertThat(ReadSize.limit(ALL, 64)).isEqualTo(MIB);
    assertThat(ReadSize.limit(ALL, 128)).isEqualTo(MIB / 2);
    assertThat(ReadSize.limit(ALL, 4_096)).isEqualTo(16_384);
    assertThat(ReadSize.limit(ALL, 20_000)).isEqualTo(16_384);
  }

  @Test
  @DisplayName("a small process reads for all its clients together a quarter of its memory")
  void small() {
    assertThat(ReadSize.all(6L << 30, 2)).isEqualTo(ALL);
    assertThat(ReadSize.all(256L << 20, 2)).isEqualTo(32 * MIB);
    assertThat(ReadSize.all(64L << 20, 2)).isEqualTo(8 * MIB);
    assertThat(ReadSize.all(1, 64)).isEqualTo(16_384);
  }

  @Test
  @DisplayName("it begins small, grows with a body that comes fast, and gives way to other clients")
  void grows() {
    AtomicInteger clients = new AtomicInteger(1);
    ExtendedHandle handle = new ReadSize(ALL, clients::get).newHandle();
    assertThat(handle.guess()).isLessThan(10_000);
    for (int i = 0; i < 40; i++) {
      filled(handle);
    }
    assertThat(handle.guess()).isEqualTo(MIB);
    clients.set(256);
    assertThat(filled(handle)).isEqualTo(MIB / 4);
    clients.set(2);
    assertThat(filled(handle)).isEqualTo(MIB);
  }

  /** A read that fills its buffer; how large that was. */
  private static int filled(ExtendedHandle handle) {
    ByteBuf buffer = handle.allocate(UnpooledByteBufAllocator.DEFAULT);
    int size = buffer.writableBytes();
    handle.attemptedBytesRead(size);
    handle.lastBytesRead(size);
    handle.incMessagesRead(1);
    handle.readComplete();
    buffer.release();
    return size;
  }
}
