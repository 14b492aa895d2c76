package io.cotidal.copies.steps;

import io.cotidal.copies.capacity.DiskGuard;
import io.cotidal.copies.capacity.Verdict;
import io.cotidal.copies.plan.Acts;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.copies.steps.UploadRefused.Why;
import io.cotidal.copies.storage.Volume;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Durable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/**
 * The dumps of one template that clients send. Each lies in a room of its own on the volume, under
 * a name that the daemon gives it, from the moment at which it is whole until its import has ended.
 * Thread-safe.
 */
public final class Uploads {
  private static final String FRESH = ".new-";
  private static final int CHUNK = 1 << 16;

  /** After so many bytes the volume is asked again whether it has room: others write, too. */
  private static final long STRIDE = 16L << 20;

  private final SpaceSource source;
  private final CopiesSpec spec;
  private final Layout layout;
  private final Map<String, Integer> held = new ConcurrentHashMap<>();
  private final AtomicBoolean receiving = new AtomicBoolean();

  Uploads(SpaceSource source, CopiesSpec spec) {
    this.source = source;
    this.spec = spec;
    this.layout = new Layout(spec);
  }

  /** Says how much room the volume has. */
  @FunctionalInterface
  interface SpaceSource {
    /** As it is now. */
    Volume.Space now() throws IOException, InterruptedException;
  }

  /**
   * What a client sends.
   *
   * @param id the name that the upload gets, see {@link Acts#UPLOAD}
   * @param length in bytes, as the client announces it; negative if it does not
   * @param sha256 in hexadecimal, as the client says it
   */
  public record Arrival(String id, long length, Optional<String> sha256) {
    /** Checks the name. */
    public Arrival {
      if (!Acts.isUpload(id)) {
        throw new IllegalArgumentException("'" + id + "' is no name of an upload");
      }
    }
  }

  /**
   * A whole upload. It is kept, whether an import needs it or not, until it is let go.
   *
   * @param bytes its length
   * @param sha256 in hexadecimal
   */
  public record Whole(String id, long bytes, String sha256) {}

  /**
   * Whether an upload of that length would be taken now.
   *
   * @param length in bytes; negative if nobody knows
   */
  public void check(long length) throws UploadRefused, IOException, InterruptedException {
    long most = spec.storage().uploadBytes();
    if (length > most) {
      throw new UploadRefused(
          Why.TOO_LARGE,
          "the dump has "
              + length
              + " bytes or more, and uploads for "
              + spec.id()
              + " may have "
              + most
              + ": put it into a folder on the daemon's host, or raise upload-limit");
    }
    room(Math.max(0, length));
  }

  /** What runs already needs the reserve; the import asks for its own room later. */
  private void room(long need) throws UploadRefused, IOException, InterruptedException {
    Verdict verdict = new DiskGuard(spec.storage().reserveBytes()).judge(source.now(), 0, need);
    if (verdict instanceof Verdict.Refused refused) {
      throw new UploadRefused(Why.NO_ROOM, refused.reason());
    }
  }

  /**
   * Takes a dump in. Whoever calls it lets the upload go afterwards, whatever came of it.
   *
   * @throws UploadRefused if it is not taken; nothing of it is left
   * @throws IOException if the volume cannot be used
   */
  public Whole take(Arrival arrival, InputStream body)
      throws UploadRefused, IOException, InterruptedException {
    held.merge(arrival.id(), 1, Integer::sum);
    if (!receiving.compareAndSet(false, true)) {
      throw new UploadRefused(
          Why.BUSY, "another upload for " + spec.id() + " is under way: try again when it is done");
    }
    Path file = layout.upload(arrival.id());
    Path fresh = file.resolveSibling(FRESH + arrival.id());
    try {
      check(arrival.length());
      Files.createDirectories(
          layout.uploads(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Whole whole = receive(arrival, body, fresh);
      keep(fresh, file);
      return whole;
    } finally {
      Files.deleteIfExists(fresh);
      receiving.set(false);
    }
  }

  private Whole receive(Arrival arrival, InputStream body, Path fresh)
      throws UploadRefused, IOException, InterruptedException {
    Deadline deadline = Deadline.in(spec.template().limit());
    MessageDigest digest = digest();
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    long bytes = 0;
    try (FileChannel file =
        FileChannel.open(fresh, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      byte[] chunk = new byte[CHUNK];
      long asked = 0;
      for (int read = read(body, chunk); read >= 0; read = read(body, chunk)) {
        bytes += read;
        if (bytes > spec.storage().uploadBytes()) {
          check(bytes);
        }
        if (bytes - asked >= STRIDE) {
          room(Math.max(0, arrival.length() - bytes));
          asked = bytes;
        }
        if (deadline.over()) {
          throw new UploadRefused(
              Why.CUT, "the dump did not arrive within import-limit: " + spec.template().limit());
        }
        digest.update(chunk, 0, read);
        write(file, ByteBuffer.wrap(chunk, 0, read));
      }
      file.force(true);
    }
    return judged(arrival, new Whole(arrival.id(), bytes, hexadecimal(digest)));
  }

  private static Whole judged(Arrival arrival, Whole whole) throws UploadRefused {
    if (arrival.length() >= 0 && arrival.length() != whole.bytes()) {
      throw new UploadRefused(
          Why.CUT,
          "of " + arrival.length() + " bytes " + whole.bytes() + " arrived: send it again");
    }
    if (arrival.sha256().filter(said -> !said.equals(whole.sha256())).isPresent()) {
      throw new UploadRefused(
          Why.WRONG,
          "what arrived has the SHA-256 " + whole.sha256() + ", not the one sent: send it again");
    }
    return whole;
  }

  /** That the client is gone is no fault of the volume's. */
  private static int read(InputStream body, byte[] chunk) throws UploadRefused {
    try {
      return body.read(chunk);
    } catch (IOException e) {
      throw new UploadRefused(
          Why.CUT, "the dump did not arrive whole (" + e.getMessage() + "): send it again");
    }
  }

  private void write(FileChannel file, ByteBuffer bytes) throws UploadRefused, IOException {
    try {
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).contains("No space left")) {
        throw new UploadRefused(
            Why.NO_ROOM,
            "volume " + spec.storage().volume() + " is full: remove copies or old generations");
      }
      throw e;
    }
  }

  /** One that a repeated request finds there may be read by its import just now. */
  private void keep(Path fresh, Path file) throws UploadRefused, IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      if (Files.mismatch(fresh, file) >= 0) {
        throw new UploadRefused(
            Why.WRONG,
            "the Idempotency-Key came with another dump before: use a new key for a new dump");
      }
      return;
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    Durable.sync(layout.uploads());
  }

  /** From now on the upload stays only as long as an import needs it. */
  public void letGo(String id) {
    held.computeIfPresent(id, (_, holders) -> holders > 1 ? holders - 1 : null);
  }

  /**
   * Removes what a client, or a daemon that is gone, has left.
   *
   * @param needed whether an import that has not ended will read the upload of that name
   */
  public void sweep(Predicate<String> needed) throws IOException {
    Path room = layout.uploads();
    if (!Files.isDirectory(room, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(room)) {
      for (Path file : all) {
        String name = file.getFileName().toString();
        String id = name.startsWith(FRESH) ? name.substring(FRESH.length()) : name;
        if (Acts.isUpload(id) && !held.containsKey(id) && (!name.equals(id) || !needed.test(id))) {
          Files.deleteIfExists(file);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String hexadecimal(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }
}
