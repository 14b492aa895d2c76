package io.cotidal.objects.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.objects.compare.Key;
import io.cotidal.objects.compare.SiteSet;
import io.cotidal.objects.compare.Verdict;
import io.cotidal.objects.ledger.Entry.Write;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.names.Timestamp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("the ledger of what was discarded")
@Timeout(30)
final class LedgerTest {
  private static final ContainerName C = new ContainerName("AUTH_test", "c d");

  @TempDir private Path folder;

  private static Entry entry(int number, String name) {
    Timestamp time = new Timestamp(170_000_000_000_000L + number);
    return new Entry(
        "id" + number,
        Instant.parse("2026-11-22T10:00:00Z"),
        C,
        name,
        "",
        "south",
        Optional.of(new Write(time, "aa", 5)),
        Optional.of(new Write(time.next(), "bb", 6)),
        time.next());
  }

  private static List<Entry> read(Ledger ledger, String prefix, int limit) throws IOException {
    return ledger.read(new Ledger.Query(Optional.of(C), prefix, limit));
  }

  @Test
  @DisplayName("what is appended is read again, the latest first, whatever the name")
  void reads() throws Exception {
    Entry odd = entry(2, "a\n\"}\u0000é😀\\u");
    Entry deletion =
        new Entry(
            "id3",
            odd.at(),
            C,
            "x",
            "v1",
            "n",
            Optional.empty(),
            Optional.empty(),
            new Timestamp(9));
    try (Ledger ledger = Ledger.open(folder, 1 << 20, 2)) {
      ledger.append(List.of(entry(1, "a")));
      ledger.append(List.of(odd, deletion));
      ledger.append(List.of(odd));
      assertThat(read(ledger, "", 10)).containsExactly(odd, deletion, entry(1, "a"));
      assertThat(read(ledger, "a", 1)).containsExactly(odd);
      assertThat(ledger.read(new Ledger.Query(Optional.of(new ContainerName("A", "c")), "", 9)))
          .isEmpty();
    }
    try (Ledger ledger = Ledger.open(folder, 1 << 20, 2)) {
      assertThat(read(ledger, "", 10)).hasSize(3);
    }
  }

  @Test
  @DisplayName("a line that a kill has torn goes, and the next one is whole")
  void torn() throws Exception {
    try (Ledger ledger = Ledger.open(folder, 1 << 20, 2)) {
      ledger.append(List.of(entry(1, "a")));
    }
    Path file = folder.resolve("ledger.jsonl");
    Files.writeString(
        file,
        "{\"id\":\"id2\",\"at\"" + "x".repeat(90_000),
        StandardCharsets.UTF_8,
        StandardOpenOption.APPEND);
    try (Ledger ledger = Ledger.open(folder, 1 << 20, 2)) {
      ledger.append(List.of(entry(3, "b")));
      assertThat(read(ledger, "", 10)).extracting(Entry::id).containsExactly("id3", "id1");
    }
    assertThat(Files.readAllLines(file)).hasSize(2);
  }

  @Test
  @DisplayName("a daemon that stood by while another one wrote goes on behind what it finds")
  void takenOver() throws Exception {
    try (Ledger before = Ledger.open(folder, 600, 4);
        Ledger after = Ledger.open(folder, 600, 4)) {
      for (int i = 1; i <= 5; i++) {
        before.append(List.of(entry(i, "n")));
      }
      Path file = folder.resolve("ledger.jsonl");
      Files.writeString(file, "{\"id\":\"torn", StandardOpenOption.APPEND);
      try (Ledger looking = Ledger.open(folder, 600, 4)) {
        assertThat(read(looking, "", 10)).hasSize(5);
        assertThat(file).content().as("who only looks mends nothing").endsWith("torn");
      }
      after.append(List.of(entry(6, "n")));
      after.append(List.of(entry(7, "n")));
      before.append(List.of(entry(8, "n")));
      assertThat(read(after, "", 10))
          .extracting(Entry::id)
          .containsExactly("id8", "id7", "id6", "id5", "id4", "id3", "id2", "id1");
    }
  }

  @Test
  @DisplayName("who is interrupted while it writes is told so, and keeps nobody else from writing")
  void interrupted() throws Exception {
    try (Ledger ledger = Ledger.open(folder, 1 << 20, 2)) {
      ledger.append(List.of(entry(1, "a")));
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> ledger.append(List.of(entry(2, "a"))))
          .isInstanceOf(IOException.class);
      assertThat(Thread.interrupted()).isTrue();
      ledger.append(List.of(entry(3, "a")));
      assertThat(read(ledger, "", 10)).extracting(Entry::id).contains("id1", "id3");
    }
  }

  @Test
  @DisplayName("it never grows beyond its files, and keeps the latest")
  void bounded() throws Exception {
    try (Ledger ledger = Ledger.open(folder, 4_000, 3)) {
      for (int i = 0; i < 200; i++) {
        ledger.append(List.of(entry(i, "n")));
      }
      List<Entry> all = read(ledger, "", 1_000);
      assertThat(all.getFirst()).isEqualTo(entry(199, "n"));
      assertThat(all).hasSizeBetween(20, 60);
    }
    try (var files = Files.list(folder)) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(3);
      for (Path file : all) {
        assertThat(Files.size(file)).isLessThan(4_500);
      }
    }
  }

  @Test
  @DisplayName("many may append at the same time, also while a file is full")
  void together() throws Exception {
    try (Ledger ledger = Ledger.open(folder, 5_000, 50);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        int number = i;
        all.add(
            threads.submit(() -> {
              ledger.append(List.of(entry(number, "n" + number)));
              return null;
            }));
      }
      for (Future<?> one : all) {
        one.get();
      }
      assertThat(read(ledger, "", 1_000)).hasSize(200);
    }
  }

  @Test
  @DisplayName("a verdict gives one entry for each loser, with the same id each time")
  void entries() {
    ObjectRow lost = ObjectRow.plain("x", new Timestamp(10), "aa", 1);
    ObjectRow winner = ObjectRow.plain("x", new Timestamp(20), "bb", 2);
    Verdict.Copy copy =
        new Verdict.Copy(
            winner,
            SiteSet.of(0),
            SiteSet.of(1, 2, 3),
            winner.written(),
            SiteSet.NONE,
            SiteSet.NONE,
            List.of());
    Verdict conflict =
        new Verdict.Conflict(
            copy,
            List.of(
                new Verdict.Loser(1, Optional.of(lost)),
                new Verdict.Loser(2, Optional.empty()),
                new Verdict.Loser(3, Optional.empty())));
    List<String> sites = List.of("a", "b", "c", "d");
    Entry.About first =
        new Entry.About(C, sites, new Key("x", ""), Instant.parse("2026-11-22T10:00:00Z"));
    Entry.About again =
        new Entry.About(C, sites, new Key("x", ""), Instant.parse("2026-11-22T11:00:00Z"));
    List<Entry> entries = Entry.of(first, conflict, SiteSet.of(3));
    assertThat(entries)
        .extracting(Entry::site)
        .as("the third never said so")
        .containsExactly("b", "d");
    assertThat(entries.getFirst().lost()).hasValue(new Write(new Timestamp(10), "aa", 1));
    assertThat(entries.getFirst().stays()).hasValue(new Write(new Timestamp(20), "bb", 2));
    assertThat(Entry.of(again, conflict, SiteSet.of(3)))
        .extracting(Entry::id)
        .isEqualTo(entries.stream().map(Entry::id).toList())
        .doesNotHaveDuplicates();
    assertThat(Entry.of(first, copy, SiteSet.of(1))).isEmpty();
  }
}
