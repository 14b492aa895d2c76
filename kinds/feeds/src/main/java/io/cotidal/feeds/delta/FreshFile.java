package io.cotidal.feeds.delta;

import io.cotidal.remote.Durable;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;

/**
 * A file of ours that is written beside its place and moved there whole, its SHA-256 at its end.
 */
final class FreshFile implements AutoCloseable {
  private static final int CHUNK = 1 << 16;

  private final Path place;
  private final Path beside;
  private final FileChannel channel;
  private final MessageDigest digest = DeltaReader.sha256();
  private final OutputStream out;

  FreshFile(Path place, String ending) throws IOException {
    this.place = place;
    this.beside = place.resolveSibling(place.getFileName() + ending);
    Files.deleteIfExists(beside);
    Files.createFile(
        beside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    this.channel = FileChannel.open(beside, StandardOpenOption.WRITE);
    this.out =
        new BufferedOutputStream(
            new DigestOutputStream(Channels.newOutputStream(channel), digest), CHUNK);
  }

  /** Where to write; closing it closes nothing here. */
  OutputStream out() {
    return new FilterOutputStream(out) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
      }

      @Override
      public void close() throws IOException {
        out.flush();
      }
    };
  }

  /** The file while it is written. */
  Path beside() {
    return beside;
  }

  long length() throws IOException {
    out.flush();
    return channel.size();
  }

  /** Adds the digest and puts the file in its place, for good. */
  void keep() throws IOException {
    out.flush();
    out.write(digest.digest());
    out.flush();
    channel.force(true);
    channel.close();
    Files.move(beside, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Path folder = place.toAbsolutePath().getParent();
    if (folder != null) {
      Durable.sync(folder);
    }
  }

  /** Leaves nothing beside the place. */
  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(beside);
  }
}
