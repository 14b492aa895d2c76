package io.cotidal.objects.agree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.objects.compare.Agreed;
import io.cotidal.objects.compare.AgreedSource;
import io.cotidal.objects.compare.Brake;
import io.cotidal.objects.compare.Listed;
import io.cotidal.objects.compare.Outcome;
import io.cotidal.objects.compare.RowSource;
import io.cotidal.objects.compare.SiteSet;
import io.cotidal.objects.compare.Verdict;
import io.cotidal.objects.compare.VersionOrder;
import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.names.Timestamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("a pass over a container, with its book on the disk")
@Timeout(30)
final class PassTest {
  private static final Timestamp NOW = new Timestamp(1_000_000);
  private static final Brake OPEN = new Brake(1_000_000, 1, 0);

  @TempDir private Path folder;

  private static ObjectRow row(String name, long written) {
    return ObjectRow.plain(name, new Timestamp(written), "h" + written, 7);
  }

  private FileBook book(String... sites) throws IOException {
    return FileBook.open(folder.resolve("c"), "AUTH_test/c", List.of(sites));
  }

  private static Terms terms(int sites, Brake brake) {
    return new Terms(SiteSet.first(sites), Duration.ofSeconds(2), Duration.ofDays(14), brake);
  }

  private static Pass pass(Book book, RowSource... listings) throws IOException {
    return new Pass(book, List.of(listings), terms(listings.length, OPEN));
  }

  private static List<Finding> all(Pass pass) throws Exception {
    List<Finding> all = new ArrayList<>();
    for (Finding one = pass.next(NOW); one != null; one = pass.next(NOW)) {
      all.add(one);
    }
    return all;
  }

  /** Every copy succeeds, every deletion too. */
  private static Outcome done(Finding finding) {
    return switch (finding.verdict()) {
      case Verdict.Copy copy -> Outcome.copied(copy, copy.to());
      case Verdict.Conflict conflict -> Outcome.copied(conflict.copy(), conflict.copy().to());
      case Verdict.Delete delete -> new Outcome.Deleted(delete.at().and(delete.verify()));
      case Verdict.Equal _, Verdict.Hold _ -> Outcome.NOTHING;
    };
  }

  private List<String> agreed(String... sites) throws Exception {
    List<String> all = new ArrayList<>();
    try (FileBook book = book(sites);
        AgreedSource rows = book.rows()) {
      for (Agreed row = rows.next(); row != null; row = rows.next()) {
        String gone = row.gone() ? " gone" : "";
        all.add(row.key() + " " + row.written().steps() + " " + row.held() + gone);
      }
    }
    return all;
  }

  /** One whole pass in which all succeeds. */
  private Tally whole(RowSource... listings) throws Exception {
    String[] sites =
        IntStream.range(0, listings.length).mapToObj(i -> "s" + i).toArray(String[]::new);
    try (FileBook book = book(sites);
        Pass pass = pass(book, listings)) {
      for (Finding one = pass.next(NOW); one != null; one = pass.next(NOW)) {
        assertThat(pass.settle(one, done(one), NOW)).isTrue();
      }
      return pass.finish();
    }
  }

  @Test
  @DisplayName("only what is confirmed is agreed on, in whatever order it comes")
  void outOfOrder() throws Exception {
    try (FileBook book = book("s0", "s1");
        Pass pass = pass(book, Listed.of(row("a", 1), row("b", 2), row("c", 3)), Listed.of())) {
      List<Finding> all = all(pass);
      assertThat(all).hasSize(3);
      assertThat(pass.reached()).isEmpty();
      pass.settle(all.get(2), done(all.get(2)), NOW);
      assertThat(pass.reached()).as("the first is still on its way").isEmpty();
      pass.settle(all.get(0), done(all.get(0)), NOW);
      assertThat(pass.reached()).isEqualTo("a");
      Tally tally = pass.finish();
      assertThat(tally.copies()).isEqualTo(3);
      assertThat(tally.bytes()).isEqualTo(21);
      assertThat(tally.open()).isEqualTo(1);
      assertThat(tally.confirmed()).isEqualTo(2);
      assertThat(pass.settle(all.get(1), done(all.get(1)), NOW)).as("too late").isFalse();
    }
    assertThat(agreed("s0", "s1")).containsExactly("a 1 {0,1}", "c 3 {0,1}");
  }

  @Test
  @DisplayName("what is not confirmed keeps its former agreement")
  void unconfirmed() throws Exception {
    whole(Listed.of(row("a", 1)), Listed.of(row("a", 1)));
    try (FileBook book = book("s0", "s1");
        Pass pass = pass(book, Listed.of(row("a", 5)), Listed.of(row("a", 1)))) {
      Finding one = all(pass).getFirst();
      pass.settle(one, Outcome.NOTHING, NOW);
      assertThat(pass.finish().unconfirmed()).isEqualTo(1);
    }
    assertThat(agreed("s0", "s1")).containsExactly("a 1 {0,1}");
  }

  @Test
  @DisplayName("a pass that was killed goes on behind what was settled, and loses nothing of it")
  void killed() throws Exception {
    ObjectRow[] rows =
        IntStream.range(0, 9).mapToObj(i -> row("n" + i, i + 1)).toArray(ObjectRow[]::new);
    try (FileBook book = book("s0", "s1");
        Pass pass = pass(book, Listed.of(rows), Listed.of())) {
      List<Finding> open = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        open.add(pass.next(NOW));
      }
      for (int i : new int[] {0, 1, 2, 4}) {
        pass.settle(open.get(i), done(open.get(i)), NOW);
      }
      pass.pause();
    }
    assertThat(agreed("s0", "s1"))
        .containsExactly("n0 1 {0,1}", "n1 2 {0,1}", "n2 3 {0,1}", "n4 5 {0,1}");
    try (FileBook book = book("s0", "s1")) {
      assertThat(book.cursor().orElseThrow().after()).isEqualTo("n2");
      try (Pass pass = pass(book, Listed.of(rows), Listed.of(rows[0], rows[1], rows[2], rows[4]))) {
        assertThat(all(pass))
            .extracting(one -> one.key().name())
            .containsExactly("n3", "n5", "n6", "n7", "n8");
        assertThat(pass.finish().objects()).isEqualTo(9);
      }
      assertThat(book.cursor()).isEmpty();
    }
  }

  @Test
  @DisplayName("deletions come last, and not at all if they are too many, until they are approved")
  void brake() throws Exception {
    ObjectRow[] rows =
        IntStream.range(0, 10).mapToObj(i -> row("n" + i, i + 1)).toArray(ObjectRow[]::new);
    whole(Listed.of(rows), Listed.of(rows));
    for (long approved : new long[] {0, 4, 5}) {
      try (FileBook book = book("s0", "s1");
          Pass pass =
              new Pass(
                  book,
                  List.of(
                      Listed.of(rows[0], rows[1], rows[2], rows[3], rows[4], row("z", 9)),
                      Listed.of(rows)),
                  terms(2, new Brake(2, 0.3, approved)))) {
        List<Finding> all = all(pass);
        assertThat(all.getFirst().key().name()).isEqualTo("z");
        assertThat(all).hasSize(approved == 5 ? 6 : 1);
        for (Finding one : all.subList(1, all.size())) {
          pass.settle(one, done(one), NOW);
        }
        Tally tally = pass.finish();
        assertThat(tally.deferred()).isEqualTo(5);
        assertThat(tally.braked()).isEqualTo(approved < 5);
        assertThat(tally.equalEverywhere()).isFalse();
      }
    }
    assertThat(agreed("s0", "s1")).contains("n5 7 {0,1} gone", "n0 1 {0,1}");
    assertThat(whole(Listed.of(rows[0]), Listed.of(rows[0])).deletions()).isEqualTo(4);
  }

  @Test
  @DisplayName("deletions that were put off survive a kill, and are counted with the later ones")
  void deferredAndKilled() throws Exception {
    ObjectRow[] rows =
        IntStream.range(0, 6).mapToObj(i -> row("n" + i, i + 1)).toArray(ObjectRow[]::new);
    whole(Listed.of(rows), Listed.of(rows));
    try (FileBook book = book("s0", "s1");
        Pass pass = pass(book, Listed.of(row("n2", 50)), Listed.of(rows))) {
      assertThat(pass.next(NOW).key().name()).isEqualTo("n2");
      assertThat(pass.reached()).isEqualTo("n1");
      pass.pause();
    }
    try (FileBook book = book("s0", "s1");
        Pass pass = pass(book, Listed.of(row("n2", 50)), Listed.of(rows))) {
      assertThat(all(pass))
          .extracting(one -> one.key().name())
          .containsExactly("n2", "n0", "n1", "n3", "n4", "n5");
      assertThat(pass.finish().deferred()).isEqualTo(5);
    }
  }

  @Test
  @DisplayName("a site has joined when a whole pass has brought it everything")
  void joined() throws Exception {
    try (FileBook book = book("s0", "s1");
        Pass pass = pass(book, Listed.of(row("a", 1)), Listed.of())) {
      assertThat(((Verdict.Copy) all(pass).getFirst().verdict()).joining())
          .isEqualTo(SiteSet.of(1));
      pass.finish();
      assertThat(book.joined()).isEqualTo(SiteSet.of(0));
    }
    whole(Listed.of(row("a", 1)), Listed.breaking());
    try (FileBook book = book("s0", "s1")) {
      assertThat(book.joined()).as("it could not be read").isEqualTo(SiteSet.of(0));
    }
    whole(Listed.of(row("a", 1)), Listed.of());
    try (FileBook book = book("s0", "s1")) {
      assertThat(book.joined()).isEqualTo(SiteSet.of(0, 1));
    }
  }

  @Test
  @DisplayName("objects/S18: a placement grows and shrinks, and the agreement goes along")
  void placement() throws Exception {
    whole(Listed.of(row("a", 1), row("b", 2)), Listed.of(row("a", 1)));
    try (FileBook book = book("s1", "new", "s0");
        Pass pass =
            pass(
                book,
                Listed.of(row("a", 1), row("b", 2)),
                Listed.of(),
                Listed.of(row("a", 1), row("b", 2)))) {
      assertThat(book.joined()).isEqualTo(SiteSet.of(0, 2));
      List<Finding> all = all(pass);
      assertThat(all).hasSize(2);
      Verdict.Copy copy = (Verdict.Copy) all.getFirst().verdict();
      assertThat(copy.from()).isEqualTo(SiteSet.of(0, 2));
      assertThat(copy.to()).isEqualTo(SiteSet.of(1));
      pass.settle(all.get(0), done(all.get(0)), NOW);
      pass.finish();
    }
    assertThat(agreed("s1", "new", "s0")).containsExactly("a 1 {0,1,2}", "b 2 {0,2}");
    assertThat(agreed("new", "s1")).containsExactly("a 1 {0,1}", "b 2 {1}");
    assertThat(agreed("new")).containsExactly("a 1 {0}");
  }

  @Test
  @DisplayName("objects/S17: versions are carried one by one, the oldest first")
  void versions() throws Exception {
    ObjectRow[] newestFirst = new ObjectRow[3];
    for (int i = 0; i < 3; i++) {
      String id = new Timestamp(30 - i).toString();
      newestFirst[i] = new ObjectRow("x", new Timestamp(30 - i), "h" + i, 1, id, i == 0, i == 0);
    }
    Tally tally = whole(new VersionOrder(Listed.of(newestFirst)), Listed.of());
    assertThat(tally.copies()).isEqualTo(3);
    assertThat(agreed("s0", "s1"))
        .extracting(line -> line.replaceAll(".* (\\d+ \\{.*)", "$1"))
        .containsExactly("28 {0,1}", "29 {0,1}", "30 {0,1}");
    Tally one =
        whole(
            new VersionOrder(Listed.of(newestFirst[0], newestFirst[2])),
            new VersionOrder(Listed.of(newestFirst)));
    assertThat(one.deletions()).as("one version was removed").isEqualTo(1);
  }

  @Test
  @DisplayName("a pass that finds nothing new writes nothing")
  void quiet() throws Exception {
    whole(Listed.of(row("a", 1)), Listed.of(row("a", 1)));
    whole(Listed.of(row("a", 1)), Listed.of(row("a", 1)));
    Path log = folder.resolve("c/log");
    byte[] before = Files.readAllBytes(log);
    Tally tally = whole(Listed.of(row("a", 1)), Listed.of(row("a", 1)));
    assertThat(tally.equalEverywhere()).isTrue();
    assertThat(Files.readAllBytes(log)).isEqualTo(before);
  }

  @Test
  @DisplayName("a pass is not finished before its end")
  void early() throws Exception {
    try (FileBook book = book("s0", "s1");
        Pass pass = pass(book, Listed.of(row("a", 1)), Listed.of())) {
      pass.next(NOW);
      assertThatThrownBy(pass::finish).isInstanceOf(IllegalStateException.class);
    }
  }
}
