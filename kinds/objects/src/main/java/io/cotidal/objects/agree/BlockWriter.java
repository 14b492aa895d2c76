package io.cotidal.objects.agree;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/**
 * A file of blocks, each with its length and its checksum. A block is on its way to the disk when
 * it is full or flushed.
 */
final class BlockWriter implements Closeable {
  private static final int FULL = 60_000;

  private final FileChannel channel;
  private final Packed block = new Packed();
  private final RowPacker rows = new RowPacker(block);
  private final ByteBuffer head = ByteBuffer.allocate(8);

  /** Goes on at the channel's position. */
  BlockWriter(FileChannel channel) {
    this.channel = channel;
  }

  /** Begins an entry. */
  RowPacker entry(int kind) throws IOException {
    if (block.length() >= FULL) {
      flush();
    }
    block.one(kind);
    return rows;
  }

  Packed block() {
    return block;
  }

  /** Ends the block, and gives it to the system. */
  void flush() throws IOException {
    if (block.length() == 0) {
      return;
    }
    CRC32C sum = new CRC32C();
    sum.update(block.bytes(), 0, block.length());
    head.clear().putInt(block.length()).putInt((int) sum.getValue()).flip();
    ByteBuffer[] both = {head, ByteBuffer.wrap(block.bytes(), 0, block.length())};
    while (both[1].hasRemaining()) {
      channel.write(both);
    }
    block.clear();
    rows.begin();
  }

  /** Puts everything on the disk. */
  void force() throws IOException {
    flush();
    channel.force(false);
  }

  /** Bytes that are in the file, or on their way to it. */
  long position() throws IOException {
    return channel.position() + block.length();
  }

  /** Closes without flushing. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
