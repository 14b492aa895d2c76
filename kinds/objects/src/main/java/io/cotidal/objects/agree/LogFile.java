package io.cotidal.objects.agree;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which listing and which log belong to a container, and to each other.
 *
 * @param listing the file with what was agreed on
 * @param log the file with what changed since
 * @param container what it is called
 * @param sites by name, as they are counted now
 */
record LogFile(Path listing, Path log, String container, List<String> sites) {
  /** A log that is shorter may have been begun and not written. */
  static final long SHORT = 256L << 10;

  /** What the listing says of itself; null if there is none. */
  @Nullable Header header() throws IOException {
    try {
      Header header = AgreedFile.header(listing);
      check(header);
      return header;
    } catch (IOException e) {
      throw new IOException(AgreedFile.broken(listing, e), e);
    }
  }

  private void check(@Nullable Header header) throws IOException {
    if (header != null && !header.container().equals(container)) {
      throw new IOException("it is of the container " + header.container());
    }
  }

  /** The log, if there is one of this generation; another one is taken away. */
  @Nullable LogReader reader(long generation) throws IOException {
    LogReader reader = found(generation);
    if (reader == null) {
      Files.deleteIfExists(log);
    }
    return reader;
  }

  /** The same, and nothing is touched. */
  @Nullable LogReader found(long generation) throws IOException {
    if (!Files.exists(log)) {
      return null;
    }
    LogReader reader;
    try {
      reader = new LogReader(log, sites);
    } catch (EOFException e) {
      if (Files.size(log) > SHORT) {
        throw new IOException(AgreedFile.broken(log, e), e);
      }
      // Killed when it was begun.
      return null;
    }
    if (reader.head().generation() < generation) {
      // It was merged, and a kill came before it was taken away.
      reader.close();
      return null;
    }
    try {
      check(reader.head());
      if (reader.head().generation() > generation) {
        throw new IOException("it is missing, and its log is there");
      }
    } catch (IOException e) {
      reader.close();
      throw new IOException(AgreedFile.broken(listing, e), e);
    }
    return reader;
  }
}
