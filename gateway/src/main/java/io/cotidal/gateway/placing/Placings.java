package io.cotidal.gateway.placing;

import io.cotidal.model.MemberId;
import io.cotidal.objects.placing.Placing;
import io.cotidal.objects.placing.PlacingText;
import io.cotidal.remote.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The placing that holds now. Reads never block; one thread at a time reads the file again.
 *
 * <p>The daemon replaces the file; whoever uses it keeps a copy of the last good one of its own.
 */
public final class Placings {
  private static final Logger log = LoggerFactory.getLogger(Placings.class);

  private static final String PRIVATE = "rw-------";

  private final Path file;
  private final Path copy;
  private final Set<MemberId> known;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile Placing now;
  private volatile String text = "";
  private volatile String refused = "";

  private Placings(Path file, Path copy, Set<MemberId> known, Placing now) {
    this.file = file;
    this.copy = copy;
    this.known = Set.copyOf(known);
    this.now = now;
  }

  /**
   * Opens it.
   *
   * @param file that the daemon writes
   * @param copy ours, of the last good one
   * @param known the sites that we can reach
   * @param first what holds if there is neither
   */
  public static Placings open(Path file, Path copy, Set<MemberId> known, Placing first) {
    Placings placings = new Placings(file, copy, known, first);
    placings.take(copy, "last");
    boolean _ = placings.reload();
    return placings;
  }

  /** What holds. */
  public Placing now() {
    return now;
  }

  /** Why the file was not taken, in one line; empty if it was, or is not there. */
  public Optional<String> refused() {
    return refused.isEmpty() ? Optional.empty() : Optional.of(refused);
  }

  /** Reads the file again; whether another placing holds now. */
  public boolean reload() {
    reading.lock();
    try {
      if (!take(file, "daemon")) {
        return false;
      }
      Durable.write(copy, text, null, PRIVATE);
      return true;
    } catch (IOException e) {
      log.warn("event=placing-not-kept file={} reason=\"{}\"", copy, e.getMessage());
      return true;
    } finally {
      reading.unlock();
    }
  }

  /** Whether it is another one, and good. */
  private boolean take(Path from, String whose) {
    try {
      String read = Files.readString(from);
      if (read.equals(text)) {
        refused = "";
        return false;
      }
      Placing placing = PlacingText.read(read);
      if (placing.generation() < now.generation()) {
        throw new IllegalArgumentException(
            "it is older than what holds: %d after %d"
                .formatted(placing.generation(), now.generation()));
      }
      if (!known.containsAll(placing.sites().keySet())) {
        throw new IllegalArgumentException("it names a site that is not configured here");
      }
      text = read;
      now = placing;
      refused = "";
      log.info("event=placing from={} generation={}", whose, placing.generation());
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException | IllegalArgumentException e) {
      String reason = "the placing " + from + " is not taken: " + e.getMessage();
      if (!reason.equals(refused)) {
        log.warn("event=placing-refused from={} reason=\"{}\"", whose, reason);
      }
      refused = reason;
      return false;
    }
  }
}
