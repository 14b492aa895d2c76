package io.cotidal.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One daemon a store, by a lock on a file beside it. Holds on one machine only. The operating
 * system gives the lock back when the process ends, however it ends; the file stays.
 *
 * <p>The lock belongs to the process and goes when <em>any</em> of its handles on the file is
 * closed: so one handle is kept, and nobody else in the process may open the file.
 */
public final class FileLockElection implements Election {
  private static final Logger log = LoggerFactory.getLogger(FileLockElection.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Path file;
  private final Clock clock;
  private final Serial serial = new Serial("election");
  private volatile boolean held;
  private volatile String reason = "the election has not begun";
  private volatile boolean closed;

  // Everything below belongs to the tasks of the serial.
  private @Nullable FileChannel channel;
  private @Nullable FileLock lock;
  private @Nullable Object identity;

  /** Takes part with {@code file}, which is made if it is missing. Its folder must exist. */
  public FileLockElection(Path file, Clock clock) {
    this.file = file;
    this.clock = clock;
  }

  @Override
  public void start(Candidate candidate) {
    serial.run(() -> turn(candidate));
  }

  @Override
  public boolean held() {
    return held;
  }

  @Override
  public String reason() {
    return reason;
  }

  private void turn(Candidate candidate) {
    if (closed) {
      return;
    }
    String problem;
    try {
      problem = lock == null ? tryLock() : check();
    } catch (IOException e) {
      problem = "lock file " + file + ": " + Failures.sentence(e);
    }
    tell(candidate, problem);
    clock.at(clock.now().nanos() + RETRY.toNanos(), () -> serial.run(() -> turn(candidate)));
  }

  private void tell(Candidate candidate, String problem) {
    if (closed) {
      return;
    }
    boolean hold = problem.isEmpty();
    boolean news = hold != held || !problem.equals(reason);
    held = hold;
    reason = problem;
    if (!news) {
      return;
    }
    if (hold) {
      log.info("event=lease-won lock={}", file);
      candidate.won();
    } else {
      log.warn("event=not-leading reason=\"{}\" this daemon shows and does not act", problem);
      candidate.lost(problem);
    }
  }

  /** Why the lock was not got; empty if it was. */
  private String tryLock() throws IOException {
    FileChannel open = open();
    FileLock got;
    try {
      got = open.tryLock();
    } catch (OverlappingFileLockException e) {
      return "this process holds " + file + " twice";
    }
    if (got == null) {
      return "the daemon with process id " + holder(open) + " holds " + file;
    }
    lock = got;
    String problem = check();
    if (problem.isEmpty()) {
      byte[] own = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8);
      open.truncate(0);
      open.write(ByteBuffer.wrap(own), 0);
    }
    return problem;
  }

  private FileChannel open() throws IOException {
    FileChannel open = channel;
    if (open == null) {
      open =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      channel = open;
      identity = identityOf(file);
    }
    return open;
  }

  /** A lock on a file that somebody has moved away keeps nobody out. */
  private String check() throws IOException {
    if (Files.exists(file) && Objects.equals(identity, identityOf(file))) {
      return "";
    }
    release();
    return "lock file " + file + " was removed or replaced";
  }

  private static @Nullable Object identityOf(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  private static String holder(FileChannel open) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(20);
    open.read(text, 0);
    String pid = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).strip();
    return pid.isEmpty() ? "unknown" : pid;
  }

  private void release() throws IOException {
    FileChannel open = channel;
    channel = null;
    lock = null;
    identity = null;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void close() {
    closed = true;
    held = false;
    reason = "this daemon has resigned";
    CountDownLatch done = new CountDownLatch(1);
    serial.run(() -> {
      try {
        release();
      } catch (IOException e) {
        log.warn("event=resign-failed lock={} reason=\"{}\"", file, Failures.sentence(e));
      } finally {
        done.countDown();
      }
    });
    await(done);
  }

  private static void await(CountDownLatch done) {
    try {
      if (!done.await(1, TimeUnit.SECONDS)) {
        log.warn("event=resign-slow the lock goes when the process ends");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
