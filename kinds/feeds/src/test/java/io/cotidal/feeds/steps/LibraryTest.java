package io.cotidal.feeds.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.feeds.job.Blob;
import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.transfer.Fetched;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Documents that jobs point at, with a checksum and without. */
@Timeout(30)
class LibraryTest {
  private static final Blob LOOSE = new Blob("master", "/meta/loose.json", "");
  private static final Blob PINNED =
      new Blob("master", "/meta/pinned.json", "0123456789abcdef0123456789abcdef");

  @TempDir private Path folder;
  private final Map<Blob, String> master = new TreeMap<>(LibraryTest::order);
  private final List<Blob> asked = new ArrayList<>();
  private Library library;

  private static int order(Blob one, Blob other) {
    return one.path().compareTo(other.path());
  }

  private Path here(Blob blob) {
    return folder.resolve(blob.path().substring(blob.path().lastIndexOf('/') + 1));
  }

  @BeforeEach
  void begin() {
    master.put(LOOSE, "first");
    master.put(PINNED, "pinned");
    library = opened();
  }

  private Library opened() {
    return new Library(
        blob -> Optional.of(here(blob)).filter(Files::exists),
        (blobs, deadline) -> {
          Map<Blob, Fetched> all = new TreeMap<>(LibraryTest::order);
          for (Blob blob : blobs) {
            asked.add(blob);
            all.put(blob, new Fetched.Here(written(blob)));
          }
          return all;
        });
  }

  private Path written(Blob blob) {
    try {
      return Files.writeString(here(blob), master.getOrDefault(blob, ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fetches what the jobs of a revision lack. */
  private void learn() throws Exception {
    library.begin();
    List<Blob> missing =
        List.of(LOOSE, PINNED).stream().filter(blob -> library.find(blob).isEmpty()).toList();
    library.end();
    Thing thing =
        new Thing(
            new Subject(Sort.LAYER, "sites", "parcels"),
            "geo",
            "geo/layers/sites.parcels.json",
            new Thing.Wish.Unread(missing),
            Map.of(),
            new Thing.Origin("", "", ""));
    library.learn(List.of(thing), Deadline.in(Duration.ofSeconds(5)));
  }

  @Test
  @DisplayName(
      "one without a checksum is asked for anew with each revision, and with no other look")
  void eachRevision() throws Exception {
    library.revision(false);
    learn();
    assertThat(asked).containsExactly(LOOSE, PINNED);
    master.put(LOOSE, "second");
    learn();
    assertThat(library.find(LOOSE)).as("nothing was committed").contains("first");

    library.revision(false);
    assertThat(library.find(LOOSE)).as("what it says now nobody knows").isEmpty();
    assertThat(library.find(PINNED)).contains("pinned");
    learn();
    assertThat(library.find(LOOSE)).contains("second");
    assertThat(asked).containsExactly(LOOSE, PINNED, LOOSE);
  }

  @Test
  @DisplayName("another process asks anew unless the revision was in force already")
  void anotherProcess() throws Exception {
    library.revision(false);
    learn();
    library = opened();
    library.revision(true);
    assertThat(library.find(LOOSE)).contains("first");
    library = opened();
    library.revision(false);
    assertThat(library.find(LOOSE)).isEmpty();
    assertThat(library.find(PINNED)).contains("pinned");
  }
}
