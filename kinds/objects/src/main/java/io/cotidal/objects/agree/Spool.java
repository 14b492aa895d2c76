package io.cotidal.objects.agree;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The deletions that a pass puts off, one after the other in a file of their own. What a pass that
 * was left had put off is found again by the length that its cursor says.
 */
final class Spool implements Closeable {
  private final Path file;
  private @Nullable BlockWriter writer;

  Spool(Path file) {
    this.file = file;
  }

  /**
   * One more.
   *
   * @param kept so many bytes of it count, if nothing was put off since it was opened
   */
  void add(Deferred deletion, long kept) throws IOException {
    open(kept).entry(Kind.DELETION).deletion(deletion);
  }

  private BlockWriter open(long kept) throws IOException {
    BlockWriter open = writer;
    if (open == null) {
      FileChannel channel = AgreedFile.create(file);
      if (channel.size() < kept) {
        channel.close();
        throw new IOException(file + " is shorter than it was; take it away with the log");
      }
      channel.truncate(kept).position(kept);
      open = new BlockWriter(channel);
      writer = open;
    }
    return open;
  }

  /** How many bytes count. */
  long bytes(long kept) throws IOException {
    BlockWriter open = writer;
    if (open == null) {
      return kept;
    }
    open.flush();
    return open.position();
  }

  /** All of them, in the order in which they came. */
  Book.DeferredSource all(long kept) throws IOException {
    open(kept).flush();
    BlockReader reader = new BlockReader(file);
    return new Book.DeferredSource() {
      @Override
      public @Nullable Deferred next() throws IOException {
        return reader.kind() == Kind.DELETION ? reader.rows().deletion() : null;
      }

      @Override
      public void close() throws IOException {
        reader.close();
      }
    };
  }

  /** What was put off is on the disk when this returns. */
  void force() throws IOException {
    if (writer != null) {
      writer.force();
    }
  }

  /** Nothing is put off any more. */
  void remove() throws IOException {
    close();
    Files.deleteIfExists(file);
  }

  @Override
  public void close() throws IOException {
    if (writer != null) {
      writer.close();
      writer = null;
    }
  }
}
