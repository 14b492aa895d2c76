package io.cotidal.objects.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.names.Timestamp;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("a listing over its pages")
@Timeout(20)
class PagedTest {
  private static final String TIME = "\"last_modified\":\"2024-05-18T02:40:00.123450\"";

  private static String row(String name) {
    return "{\"bytes\":5,\"hash\":\"h\",\"name\":\""
        + name
        + "\",\"content_type\":\"text/plain\","
        + TIME
        + "}";
  }

  private static String version(String name, String id, boolean latest, boolean marker) {
    String type = marker ? "application/x-deleted;swift_versions_deleted=1" : "text/plain";
    return "{\"bytes\":5,\"hash\":\"h\",\"name\":\"%s\",\"version_id\":\"%s\",\"is_latest\":%s,"
            .formatted(name, id, latest)
        + "\"content_type\":\""
        + type
        + "\","
        + TIME
        + "}";
  }

  private static String array(List<String> rows) {
    return "[" + String.join(", ", rows) + "]";
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static InputStream breaking() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        throw new IOException("reset");
      }

      @Override
      public int read(byte[] into, int at, int most) throws IOException {
        return read();
      }
    };
  }

  /** Pages from a function of the place. */
  private interface Source {
    InputStream page(Place place) throws ListingTrouble;
  }

  private static Pages pages(Source source) {
    return new Pages() {
      @Override
      public InputStream page(Place place) throws ListingTrouble {
        return source.page(place);
      }

      @Override
      public ListingTrouble broken(IOException cause) {
        return new ListingTrouble("broken: " + cause.getMessage(), cause);
      }
    };
  }

  private static List<ObjectRow> all(Rows rows) throws ListingTrouble {
    List<ObjectRow> all = new ArrayList<>();
    try (rows) {
      for (Optional<ObjectRow> row = rows.next(); row.isPresent(); row = rows.next()) {
        all.add(row.get());
      }
      assertThat(rows.next()).isEmpty();
    }
    return all;
  }

  private static List<String> names(Pages pages) throws ListingTrouble {
    return all(new Paged(pages, Span.ALL)).stream().map(ObjectRow::name).toList();
  }

  /** A site with these names, {@code most} on a page. */
  private static String page(List<String> names, Place place, int most) {
    return array(
        names.stream()
            .filter(name -> place.name().isEmpty() || name.compareTo(place.name()) > 0)
            .limit(most)
            .map(PagedTest::row)
            .toList());
  }

  @Test
  @DisplayName("goes on until a page is empty, however short one is")
  void pages() throws Exception {
    List<String> names = IntStream.range(0, 100).mapToObj("n%03d"::formatted).toList();
    List<Integer> lengths = List.of(7, 1, 40, 3, 100);
    AtomicInteger turn = new AtomicInteger();
    assertThat(
            names(
                pages(place ->
                    bytes(
                        page(names, place, lengths.get(turn.getAndIncrement() % lengths.size()))))))
        .isEqualTo(names);
    assertThat(turn.get()).isEqualTo(6);
  }

  @Test
  @DisplayName("gives rows with all that they say, in Swift's order")
  void rows() throws Exception {
    String astral = "\\ud83d\\ude00";
    List<String> texts =
        List.of(
            row("a \\\"quoted\\\" / \\u00e4"),
            row("\\uffee"),
            "{\"slo_etag\":\"\\\"x\\\"\",\"later\":{\"a\":[1,{}]},\"name\":\""
                + astral
                + "\",\"hash\":\"0\",\"bytes\":123456789012,"
                + TIME
                + "}");
    List<ObjectRow> rows =
        all(
            new Paged(
                pages(place -> bytes(place.name().isEmpty() ? array(texts) : " [ ] ")), Span.ALL));
    assertThat(rows)
        .containsExactly(
            ObjectRow.plain("a \"quoted\" / ä", Timestamp.parse("1716000000.12345"), "h", 5),
            ObjectRow.plain("\uffee", Timestamp.parse("1716000000.12345"), "h", 5),
            ObjectRow.plain("😀", Timestamp.parse("1716000000.12345"), "0", 123_456_789_012L));
  }

  @Test
  @DisplayName("asks again from its last row when a page breaks, so long as rows come")
  void resumes() throws Exception {
    List<String> names = IntStream.range(0, 20).mapToObj("n%03d"::formatted).toList();
    AtomicInteger asked = new AtomicInteger();
    List<String> read =
        names(
            pages(place -> {
              asked.incrementAndGet();
              String page = page(names, place, 20);
              // Three rows and a part of the fourth.
              int cut = Math.min(page.length(), 3 * (row("n000").length() + 2) + 20);
              return page.length() <= cut
                  ? bytes(page)
                  : new SequenceInputStream(bytes(page.substring(0, cut)), breaking());
            }));
    assertThat(read).isEqualTo(names);
    assertThat(asked.get()).isBetween(7, 9);
  }

  @Test
  @DisplayName("fails when a page breaks before its first row, and stays at that")
  void breaks() {
    Paged rows =
        new Paged(
            pages(place ->
                place.name().isEmpty()
                    ? bytes(array(List.of(row("a"))))
                    : new SequenceInputStream(bytes("[{"), breaking())),
            Span.ALL);
    assertThatThrownBy(() -> all(rows))
        .isInstanceOf(ListingTrouble.class)
        .hasMessage("broken: reset");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<html>",
        "{}",
        "[",
        "[1]",
        "[{\"subdir\":\"a/\"}]",
        "[{\"name\":\"a\",\"hash\":\"h\",\"last_modified\":\"2024-05-18T02:40:00.123450\"}]",
        "[{\"name\":\"a\",\"hash\":\"h\",\"bytes\":1,\"last_modified\":\"yesterday\"}]",
        "[{\"name\":\"a\",\"hash\":\"h\",\"bytes\":1,\"last_modified\":\"2024-13-18T02:40:00\"}]",
        "[{\"name\":7,\"hash\":\"h\",\"bytes\":1}]",
        "[] []"
      })
  @DisplayName("refuses what is no listing; a text that ends is not a listing that ends")
  void garbage(String text) {
    assertThatThrownBy(() -> names(pages(place -> bytes(text))))
        .isInstanceOf(ListingTrouble.class)
        .hasMessageNotContaining("\n");
  }

  @Test
  @DisplayName("refuses a listing that does not go forward, and one out of order")
  void forward() {
    String same = array(List.of(row("a"), row("b")));
    assertThatThrownBy(() -> names(pages(place -> bytes(same))))
        .hasMessageContaining("does not go forward");
    String twice = array(List.of(row("a"), row("a")));
    assertThatThrownBy(() -> names(pages(place -> bytes(twice))))
        .hasMessageContaining("does not go forward");
    String back = array(List.of(row("b"), row("a")));
    assertThatThrownBy(() -> names(pages(place -> bytes(back))))
        .hasMessageContaining("does not go forward");
  }

  @Test
  @DisplayName("reads versions, newest first, of which one at most is the latest")
  void versions() throws Exception {
    List<String> rows =
        List.of(
            version("a", "3", true, true),
            version("a", "2", false, false),
            // On a page of its own, Swift takes an old delete marker for the latest.
            version("a", "1", true, true),
            version("b", "null", true, false));
    List<ObjectRow> read =
        all(
            new Paged(
                pages(place -> {
                  int from =
                      switch (place.name() + place.version()) {
                        case "" -> 0;
                        case "a2" -> 2;
                        case "a1" -> 3;
                        default -> 4;
                      };
                  int to = from == 0 ? 2 : from + 1;
                  return bytes(array(rows.subList(from, Math.min(Math.max(to, from), 4))));
                }),
                Span.ALL));
    assertThat(
            read.stream()
                .map(row -> row.name() + row.version() + row.latest() + row.marker())
                .collect(Collectors.joining(" ")))
        .isEqualTo("a3truetrue a2falsefalse a1falsetrue bnulltruefalse");
  }
}
