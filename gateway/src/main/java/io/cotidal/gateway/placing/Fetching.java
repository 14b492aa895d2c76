package io.cotidal.gateway.placing;

import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.placing.Announcement;
import io.cotidal.objects.placing.PlacingText;
import io.cotidal.objects.swift.Download;
import io.cotidal.objects.swift.Reading;
import io.cotidal.objects.swift.Swift;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Durable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the placing from the gateway's own site, where the daemon leaves it, into the file that
 * {@link Placings} reads. A site that does not answer, or has none, changes nothing.
 */
public final class Fetching implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Fetching.class);
  private static final Duration EVERY = Duration.ofSeconds(2);
  private static final Duration EACH = Duration.ofSeconds(10);
  private static final Duration END = Duration.ofSeconds(20);
  private static final int MOST = 1 << 20;
  private static final String PRIVATE = "rw-------";

  private final Swift site;
  private final Source source;
  private final Path file;
  private final Thread thread;
  private String told = "";

  /**
   * Where it lies.
   *
   * @param account of the service
   * @param object the name of the namespace
   */
  public record Source(String account, String object) {}

  /**
   * From that site; it begins with {@link #start}.
   *
   * @param file is replaced whenever there is another one at the site
   */
  public Fetching(Swift site, Source source, Path file) {
    this.site = site;
    this.source = source;
    this.file = file;
    this.thread = Thread.ofPlatform().daemon().name("placing").unstarted(this::work);
  }

  /** Begins. */
  public void start() {
    thread.start();
  }

  private void work() {
    try {
      while (true) {
        boolean _ = once(Deadline.in(EACH));
        Deadline.in(EVERY.multipliedBy(2)).pause(EVERY);
      }
    } catch (InterruptedException e) {
      // It is over.
      Thread.currentThread().interrupt();
    }
  }

  /** Looks once; whether the file was replaced. */
  boolean once(Deadline deadline) throws InterruptedException {
    try {
      String text = read(deadline);
      told = "";
      if (!later(text)) {
        return false;
      }
      Durable.write(file, text, null, PRIVATE);
      return true;
    } catch (SwiftTrouble e) {
      if (e.why() == SwiftTrouble.Why.INTERRUPTED) {
        throw e.interruption();
      }
      tell(e.getMessage());
    } catch (IOException e) {
      tell(String.valueOf(e.getMessage()));
    }
    return false;
  }

  private String read(Deadline deadline) throws SwiftTrouble, IOException {
    ContainerName container = new ContainerName(source.account(), Announcement.CONTAINER);
    try (Download download =
            site.objects().get(Reading.shown(container, source.object()), deadline);
        InputStream body = download.body()) {
      byte[] bytes = body.readNBytes(MOST + 1);
      if (bytes.length > MOST) {
        throw new IOException("the placing at site " + site + " is too large to be one");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /** Another one, and not an older: a site may show an older copy of it for a while. */
  private boolean later(String text) throws IOException {
    String before;
    try {
      before = Files.readString(file);
    } catch (NoSuchFileException e) {
      return true;
    }
    if (text.equals(before)) {
      return false;
    }
    try {
      return PlacingText.read(text).generation() >= PlacingText.read(before).generation();
    } catch (IllegalArgumentException e) {
      // Whoever reads the file says what is wrong with it.
      return true;
    }
  }

  /** Once for each reason. */
  private void tell(String reason) {
    if (!reason.equals(told)) {
      log.info("event=placing-not-fetched reason=\"{}\"", reason);
      told = reason;
    }
  }

  /** Ends it. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      boolean _ = thread.join(END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
