package io.cotidal.objects.agree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.objects.compare.Agreed;
import io.cotidal.objects.compare.Agreed.Earlier;
import io.cotidal.objects.compare.AgreedSource;
import io.cotidal.objects.compare.Key;
import io.cotidal.objects.compare.SiteSet;
import io.cotidal.objects.compare.Unreadable;
import io.cotidal.objects.names.Timestamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("the agreed listing on the disk")
@Timeout(60)
final class FileBookTest {
  private static final List<String> SITES = List.of("s0", "s1");

  @TempDir private Path folder;

  private FileBook open() throws IOException {
    return FileBook.open(folder, "AUTH_test/c", SITES);
  }

  private static Agreed agreed(Random random, String name) {
    boolean gone = random.nextInt(4) == 0;
    String hash = random.nextBoolean() ? String.format("%032x", random.nextInt(99)) : "\"slo-é\"";
    List<Earlier> earlier =
        random.nextInt(3) == 0
            ? List.of(new Earlier(1, new Timestamp(random.nextInt(99)), random.nextBoolean()))
            : List.of();
    return new Agreed(
        new Key(name, random.nextInt(5) == 0 ? "0000000007.00000" : ""),
        new Timestamp(170_000_000_000_000L + random.nextInt()),
        hash,
        random.nextLong(Long.MAX_VALUE),
        random.nextBoolean(),
        gone ? new Timestamp(5) : Timestamp.NEVER,
        SiteSet.of(0),
        earlier);
  }

  private static List<Agreed> all(Book book) throws Exception {
    List<Agreed> all = new ArrayList<>();
    try (AgreedSource rows = book.rows()) {
      for (Agreed row = rows.next(); row != null; row = rows.next()) {
        all.add(row);
      }
    }
    return all;
  }

  @Test
  @DisplayName("what was kept is there, sorted, after any number of passes, merged or not")
  void keeps() throws Exception {
    long seed = System.nanoTime();
    System.out.println("books from seed " + seed);
    Random random = new Random(seed);
    TreeMap<Key, Agreed> expected = new TreeMap<>();
    for (int pass = 0; pass < 6; pass++) {
      int changes = pass == 2 ? 25_000 : random.nextInt(400);
      try (FileBook book = open()) {
        assertThat(all(book)).as("seed %d", seed).containsExactlyElementsOf(expected.values());
        for (int i = 0; i < changes; i++) {
          String name = "é" + random.nextInt(30_000) + (random.nextBoolean() ? "😀" : "/\uffff");
          Agreed row = agreed(random, name);
          if (random.nextInt(9) == 0 && !expected.isEmpty()) {
            Key key = expected.firstKey();
            expected.remove(key);
            book.drop(key);
          } else {
            expected.put(row.key(), row);
            book.keep(row);
          }
        }
        if (random.nextBoolean()) {
          book.finish(SiteSet.of(1));
          assertThat(book.joined()).isEqualTo(SiteSet.of(1));
        } else {
          book.mark(new Cursor("é5", 3, 0, 0, SiteSet.of(0)));
        }
      }
    }
    try (FileBook book = open()) {
      assertThat(all(book)).as("seed %d", seed).containsExactlyElementsOf(expected.values());
    }
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .isSubsetOf("agreed", "log", "deletes");
    }
  }

  @Test
  @DisplayName("a log that a kill has torn anywhere gives all that was whole, in order")
  void torn() throws Exception {
    List<Agreed> rows = new ArrayList<>();
    List<Long> ends = new ArrayList<>();
    Path log = folder.resolve("log");
    try (FileBook book = open()) {
      for (int i = 0; i < 5; i++) {
        rows.add(agreed(new Random(i), "n" + i));
        book.keep(rows.get(i));
        book.flush();
        ends.add(Files.size(log));
      }
    }
    byte[] whole = Files.readAllBytes(log);
    for (int length = whole.length; length >= 0; length--) {
      byte[] part = Arrays.copyOf(whole, length);
      Files.write(log, part);
      int left = length;
      List<Agreed> expected = rows.subList(0, (int) ends.stream().filter(e -> e <= left).count());
      try (FileBook book = open()) {
        assertThat(all(book)).as("cut at %d", length).isEqualTo(expected);
        book.keep(rows.get(4));
      }
      if (length % 7 == 0 && length > 0) {
        part[length - 1] ^= 0x55;
        Files.write(log, part);
        try (FileBook book = open()) {
          assertThat(all(book)).hasSizeLessThanOrEqualTo(expected.size());
        }
      }
    }
  }

  @Test
  @DisplayName("who only looks sees what is whole, and leaves to the one who writes what is not")
  void looked() throws Exception {
    Path log = folder.resolve("log");
    try (ReadBook none = ReadBook.open(folder.resolve("c"), "AUTH_test/c", SITES)) {
      assertThat(all(none)).isEmpty();
      assertThat(folder.resolve("c")).doesNotExist();
    }
    Agreed first = agreed(new Random(1), "n1");
    Agreed second = agreed(new Random(2), "n2");
    try (FileBook writer = open()) {
      writer.keep(first);
      writer.flush();
      byte[] whole = Files.readAllBytes(log);
      // A block of which the first bytes are on the disk, and the writer is about to go on.
      Files.write(log, new byte[] {0, 0, 1}, StandardOpenOption.APPEND);
      try (ReadBook looking = ReadBook.open(folder, "AUTH_test/c", SITES)) {
        assertThat(all(looking)).containsExactly(first);
        looking.keep(second);
        looking.finish(SiteSet.of(0, 1));
      }
      assertThat(Files.size(log)).isEqualTo(whole.length + 3);
      Files.write(log, whole);
      writer.keep(second);
      writer.finish(SiteSet.of(1));
    }
    try (ReadBook moved = ReadBook.open(folder, "AUTH_test/c", List.of("s1", "s2", "s0"))) {
      assertThat(all(moved)).hasSize(2);
      assertThat(moved.joined()).isEqualTo(SiteSet.of(0));
    }
    try (FileBook same = open()) {
      assertThat(all(same)).containsExactly(first, second);
      assertThat(same.joined()).isEqualTo(SiteSet.of(1));
    }
  }

  @Test
  @DisplayName("who looks while the listing is written anew is told so, and never sees half of it")
  void overtaken() throws Exception {
    try (FileBook writer = open()) {
      writer.keep(agreed(new Random(0), "a"));
      writer.flush();
      try (ReadBook looking = ReadBook.open(folder, "AUTH_test/c", SITES)) {
        for (int i = 0; i < 20_001; i++) {
          writer.keep(agreed(new Random(i), String.format("n%06d", i)));
        }
        writer.finish(SiteSet.NONE);
        assertThatThrownBy(() -> all(looking))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("look again");
      }
    }
    try (ReadBook looking = ReadBook.open(folder, "AUTH_test/c", SITES)) {
      assertThat(all(looking)).hasSize(20_002);
    }
  }

  @Test
  @DisplayName("an agreed listing that is broken or cut is never taken for a shorter one")
  void broken() throws Exception {
    try (FileBook book = open()) {
      for (int i = 0; i < 15_000; i++) {
        book.keep(agreed(new Random(i), String.format("n%06d", i)));
      }
      book.finish(SiteSet.NONE);
    }
    Path file = folder.resolve("agreed");
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(4);
    for (int i = 0; i < 40; i++) {
      byte[] bad = whole.clone();
      if (i % 2 == 0) {
        bad[random.nextInt(bad.length)] ^= 0x10;
      } else {
        bad = Arrays.copyOf(whole, random.nextInt(whole.length));
      }
      Files.write(file, bad);
      assertThatThrownBy(
              () -> {
                try (FileBook book = open()) {
                  all(book);
                }
              })
          .isInstanceOfAny(IOException.class, Unreadable.class)
          .hasMessageContaining(file.toString())
          .hasMessageNotContaining("\n");
    }
  }

  @Test
  @DisplayName("a log without its listing, or of another container, is refused")
  void foreign() throws Exception {
    try (FileBook book = open()) {
      for (int i = 0; i < 15_000; i++) {
        book.keep(agreed(new Random(i), String.format("n%06d", i)));
      }
      book.finish(SiteSet.NONE);
      book.keep(agreed(new Random(1), "late"));
      book.flush();
    }
    assertThatThrownBy(() -> FileBook.open(folder, "AUTH_test/d", SITES))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("AUTH_test/c");
    Files.delete(folder.resolve("agreed"));
    assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("missing");
  }

  @Test
  @DisplayName("a kill between the new listing and the end of the old log changes nothing")
  void staleLog() throws Exception {
    List<Agreed> before;
    byte[] log;
    try (FileBook book = open()) {
      for (int i = 0; i < 20_001; i++) {
        book.keep(agreed(new Random(i), String.format("n%06d", i)));
      }
      book.flush();
      log = Files.readAllBytes(folder.resolve("log"));
      book.finish(SiteSet.of(0));
      before = all(book);
    }
    Files.write(folder.resolve("log"), log);
    try (FileBook book = open()) {
      assertThat(all(book)).hasSize(20_001).isEqualTo(before);
      assertThat(book.joined()).isEqualTo(SiteSet.of(0));
    }
  }
}
