package io.cotidal.copies.servers;

import io.cotidal.remote.Deadline;
import io.cotidal.remote.Durable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * Who has which port. A place's port stands in its folder {@code run}, so it stays the place's when
 * its server is down and when this process was killed. In a folder that all daemons of the host
 * share, a file for each port names its place: so no two of them hand out the same. A file whose
 * place has gone, or says another port, counts for nothing. Thread-safe, and safe between
 * processes.
 */
public final class PortLedger {
  private static final String RECORD = "port";
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LOOK = Duration.ofMillis(2);

  /** File locks belong to the whole process: inside it something else must keep two apart. */
  private static final ReentrantLock INSIDE = new ReentrantLock(true);

  private final Path folder;
  private final Range range;
  private final InetAddress address;
  private final RandomGenerator random;

  /**
   * Ports that may be used.
   *
   * @param first the lowest
   * @param last the highest
   */
  public record Range(int first, int last) {
    /** Below the ports from which Linux numbers outgoing connections. */
    public static final Range STANDARD = new Range(20_000, 29_999);

    /** Refuses what is no range of ports that a server may have. */
    public Range {
      if (first < 1024 || last > 65_535 || first > last) {
        throw new IllegalArgumentException(
            "ports "
                + first
                + "-"
                + last
                + ": write two numbers from 1024 to 65535, the lower first");
      }
    }

    int size() {
      return last - first + 1;
    }
  }

  /** No port of the range is free; the message says how many there are. */
  public static final class Exhausted extends IOException {
    private static final long serialVersionUID = 1;

    Exhausted(Range range) {
      super(
          "ports: all "
              + range.size()
              + " from "
              + range.first()
              + " to "
              + range.last()
              + " are taken; remove copies or widen the range");
    }
  }

  /**
   * A ledger.
   *
   * @param folder where all daemons of the host keep their claims; made if absent
   * @param address on which the servers will listen
   */
  public PortLedger(Path folder, Range range, InetAddress address, RandomGenerator random) {
    this.folder = folder;
    this.range = range;
    this.address = address;
    this.random = random;
  }

  /**
   * The port of the place with that {@code run} folder: the one that it has, unless it is {@code
   * refused}, else a new one on which nobody listens now. Somebody may still take it before the
   * server does: then the server does not start, and the caller asks again and refuses it.
   *
   * @throws Exhausted if no port is left
   */
  public int take(Path run, Set<Integer> refused) throws IOException, InterruptedException {
    return locked(() -> {
      OptionalInt own = held(run);
      if (own.isPresent() && !refused.contains(own.getAsInt()) && claimed(own.getAsInt(), run)) {
        return own.getAsInt();
      }
      if (own.isPresent()) {
        forget(run, own.getAsInt());
      }
      int start = random.nextInt(range.size());
      for (int i = 0; i < range.size(); i++) {
        int port = range.first() + (start + i) % range.size();
        if (!refused.contains(port) && unclaimed(port, run) && free(port)) {
          claim(port, run);
          return port;
        }
      }
      throw new Exhausted(range);
    });
  }

  /**
   * The port that a place has.
   *
   * @throws IOException if its record cannot be read, or is none
   */
  public OptionalInt held(Path run) throws IOException {
    Path record = run.resolve(RECORD);
    if (!Files.exists(record, LinkOption.NOFOLLOW_LINKS)) {
      return OptionalInt.empty();
    }
    String text = RunFiles.text(record);
    if (!text.matches("[0-9]{1,5}\n")) {
      throw new IOException(record + " holds no port: remove it, and the place gets another");
    }
    return OptionalInt.of(Integer.parseInt(text.strip()));
  }

  /** Gives the place's port back. A place without one is no error. */
  public void release(Path run) throws IOException, InterruptedException {
    locked(() -> {
      OptionalInt own = held(run);
      if (own.isPresent()) {
        forget(run, own.getAsInt());
      }
      return 0;
    });
  }

  /** Whether the claim is the place's, or nobody's any more: after a restart it is written anew. */
  private boolean claimed(int port, Path run) throws IOException {
    if (!unclaimed(port, run)) {
      return false;
    }
    claim(port, run);
    return true;
  }

  private void claim(int port, Path run) throws IOException {
    String text = run.toAbsolutePath() + "\n";
    Path claim = claimOf(port);
    if (!Files.exists(claim) || !Files.readString(claim).equals(text)) {
      // The claim first: without the record it counts for nothing, so a kill between them is
      // harmless. Only the record must outlive a power cut.
      Files.writeString(claim, text);
    }
    if (held(run).orElse(0) != port) {
      try {
        Durable.write(run.resolve(RECORD), port + "\n", null, "rw-r--r--");
      } catch (IOException e) {
        // Whoever is interrupted here releases nothing later, for there is no record.
        Files.deleteIfExists(claim);
        throw e;
      }
    }
  }

  private void forget(Path run, int port) throws IOException {
    Durable.delete(run.resolve(RECORD));
    if (Files.exists(claimOf(port))
        && Files.readString(claimOf(port)).equals(run.toAbsolutePath() + "\n")) {
      Files.delete(claimOf(port));
    }
  }

  /** Whether no other place has a claim that counts. */
  private boolean unclaimed(int port, Path run) throws IOException {
    String text;
    try {
      text = Files.readString(claimOf(port));
    } catch (NoSuchFileException e) {
      return true;
    }
    Path other = Path.of(text.strip());
    if (other.equals(run.toAbsolutePath()) || Files.notExists(other)) {
      return true;
    }
    try {
      return held(other).orElse(0) != port;
    } catch (IOException e) {
      // Nobody can tell: then it is the other's.
      return false;
    }
  }

  private Path claimOf(int port) {
    return folder.resolve(Integer.toString(port));
  }

  private boolean free(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(address, port), 1);
      return true;
    } catch (IOException e) {
      // Somebody listens there, whoever it is: the next one.
      return false;
    }
  }

  private int locked(Work work) throws IOException, InterruptedException {
    INSIDE.lockInterruptibly();
    try {
      Files.createDirectories(folder);
      try (FileChannel channel =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        Deadline patience = Deadline.in(PATIENCE);
        while (channel.tryLock() == null) {
          if (patience.over()) {
            throw new IOException(
                folder
                    + ": another daemon has kept the ports locked for "
                    + PATIENCE.toSeconds()
                    + " s");
          }
          patience.pause(LOOK);
        }
        return work.done();
      }
    } finally {
      INSIDE.unlock();
    }
  }

  @FunctionalInterface
  private interface Work {
    int done() throws IOException;
  }
}
