package io.cotidal.objects.agree;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads a file of blocks: the other side of {@link BlockWriter}. */
final class BlockReader implements Closeable {
  /** No block is longer: one entry beyond a full one. */
  private static final int LONGEST = 1 << 24;

  private final Path file;
  private final FileChannel channel;
  private final ByteBuffer head = ByteBuffer.allocate(8);
  private Unpacked block = new Unpacked(new byte[0]);
  private RowUnpacker rows = new RowUnpacker(block);
  private long whole;

  BlockReader(Path file) throws IOException {
    this.file = file;
    this.channel = FileChannel.open(file, StandardOpenOption.READ);
  }

  /** The kind of the next entry; -1 at the end of the file. */
  int kind() throws IOException {
    while (!block.more()) {
      byte[] next = read();
      if (next == null) {
        return -1;
      }
      block = new Unpacked(next);
      rows = new RowUnpacker(block);
    }
    return block.one();
  }

  RowUnpacker rows() {
    return rows;
  }

  Unpacked block() {
    return block;
  }

  /** So many bytes of the file are whole blocks that were read. */
  long whole() {
    return whole;
  }

  long size() throws IOException {
    return channel.size();
  }

  private byte @Nullable [] read() throws IOException {
    head.clear();
    if (!fill(head)) {
      return null;
    }
    head.flip();
    int length = head.getInt();
    int expected = head.getInt();
    if (length <= 0 || length > LONGEST || length > channel.size() - channel.position()) {
      throw broken("a block of " + length + " bytes");
    }
    byte[] bytes = new byte[length];
    ByteBuffer body = ByteBuffer.wrap(bytes);
    if (!fill(body)) {
      throw broken("the end is missing");
    }
    CRC32C sum = new CRC32C();
    sum.update(bytes);
    if ((int) sum.getValue() != expected) {
      throw broken("a checksum is wrong");
    }
    whole = channel.position();
    return bytes;
  }

  /** False if there is nothing at all. */
  private boolean fill(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        if (buffer.position() == 0) {
          return false;
        }
        throw broken("the end is missing");
      }
    }
    return true;
  }

  private EOFException broken(String what) {
    return new EOFException(file + " is broken after byte " + whole + ": " + what);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
