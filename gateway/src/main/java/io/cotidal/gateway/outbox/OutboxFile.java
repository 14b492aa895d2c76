package io.cotidal.gateway.outbox;

import io.cotidal.remote.Durable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;

/** The file that is written to. Whoever has one is alone with it. */
final class OutboxFile implements AutoCloseable {
  private final FileChannel channel;
  private final int beginning;
  private long size;

  private OutboxFile(FileChannel channel, int beginning) {
    this.channel = channel;
    this.beginning = beginning;
    this.size = beginning;
  }

  /** Begins one. It is there as a whole, on the disk, or not at all. */
  static OutboxFile begin(Path file, List<Note> beginning) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    FileChannel channel =
        FileChannel.open(
            fresh,
            EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      ByteBuffer bytes = Batch.bytes(beginning);
      int length = bytes.remaining();
      write(channel, bytes);
      channel.force(true);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      Durable.sync(folder(file));
      return new OutboxFile(channel, length);
    } catch (IOException e) {
      channel.close();
      Files.deleteIfExists(fresh);
      throw e;
    }
  }

  static Path folder(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IllegalArgumentException(file + " is in no folder");
    }
    return folder;
  }

  /** Appends; on the disk when this returns. After a failure nobody may append any more. */
  void append(ByteBuffer bytes) throws IOException {
    int length = bytes.remaining();
    write(channel, bytes);
    channel.force(false);
    size += length;
  }

  private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Whether another one should take its place: it is long, and most of that is over and done. */
  boolean grown(long most) {
    return size > most && size > 2L * beginning;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
