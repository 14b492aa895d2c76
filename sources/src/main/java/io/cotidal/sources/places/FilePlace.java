package io.cotidal.sources.places;

import io.cotidal.sources.roll.Admission;
import io.cotidal.sources.roll.Json;
import io.cotidal.sources.roll.Lists;
import io.cotidal.sources.roll.NoAnswer;
import io.cotidal.sources.roll.Roll;
import io.cotidal.sources.roll.Words;
import io.cotidal.sources.roll.Yaml;
import io.cotidal.sources.spec.SourceSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A file, read again when something happens in its folder. So a file that is replaced as a whole is
 * seen, and so is one that is reached through a link that is turned, as Kubernetes does.
 */
public final class FilePlace implements Place {
  private static final int MOST = 8 * 1024 * 1024;

  /** Whoever writes in several pieces has written the next one by then. */
  private static final Duration SETTLED = Duration.ofMillis(100);

  private static final Duration LONGEST_UNREST = Duration.ofSeconds(2);

  private final SourceSpec.File spec;
  private volatile @Nullable WatchService watch;

  /** The file of {@code spec}. */
  public FilePlace(SourceSpec.File spec) {
    this.spec = spec;
  }

  @Override
  public Reading read(Optional<Reading> last, Duration wait) throws NoAnswer, InterruptedException {
    try {
      WatchService service = watch;
      if (service == null) {
        watch = begin();
      } else if (wait.isPositive()) {
        change(service, wait);
      }
      String text = text();
      return new Reading(
          Roll.of(
              Lists.candidates(spec.json() ? Json.read(text) : Yaml.read(text)),
              Admission.ANYBODY,
              Optional.empty()),
          "");
    } catch (CharacterCodingException e) {
      throw new NoAnswer("it is not UTF-8: save it as UTF-8", e);
    } catch (NoSuchFileException e) {
      throw new NoAnswer("there is no such file: write it, or correct the path", e);
    } catch (IOException e) {
      throw new NoAnswer(
          "it cannot be read ("
              + Words.quote(String.valueOf(e.getMessage()))
              + "): look at its permissions",
          e);
    }
  }

  private Path folder() {
    Path parent = spec.path().toAbsolutePath().getParent();
    return parent == null ? spec.path().toAbsolutePath() : parent;
  }

  private WatchService begin() throws IOException {
    WatchService service = spec.path().getFileSystem().newWatchService();
    try {
      folder()
          .register(
              service,
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_MODIFY,
              StandardWatchEventKinds.ENTRY_DELETE);
      return service;
    } catch (IOException e) {
      service.close();
      throw e;
    }
  }

  private void change(WatchService service, Duration wait)
      throws IOException, InterruptedException {
    WatchKey key = service.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
    for (int i = 0; key != null && i < LONGEST_UNREST.dividedBy(SETTLED); i++) {
      key.pollEvents();
      if (!key.reset()) {
        // The folder is gone; the next question watches whatever has taken its place.
        close();
        return;
      }
      key = service.poll(SETTLED.toNanos(), TimeUnit.NANOSECONDS);
    }
    if (key != null) {
      key.pollEvents();
      key.reset();
    }
  }

  private String text() throws IOException, NoAnswer {
    try (InputStream in = Files.newInputStream(spec.path())) {
      byte[] bytes = in.readNBytes(MOST + 1);
      if (bytes.length > MOST) {
        throw new NoAnswer("it is longer than " + MOST + " bytes: is it the right file?");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }
  }

  @Override
  public boolean waits() {
    return true;
  }

  @Override
  public Duration timeout() {
    return spec.habits().timeout();
  }

  @Override
  public String describe() {
    return "the file " + spec.path();
  }

  @Override
  public void close() {
    WatchService service = watch;
    watch = null;
    if (service != null) {
      try {
        service.close();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException("the watch of " + spec.path() + " stays open", e);
      }
    }
  }
}
