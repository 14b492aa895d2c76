package io.cotidal.gateway.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.cotidal.gateway.door.Field;
import io.cotidal.gateway.door.Head;
import io.cotidal.objects.names.ContainerName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("What is given of a large object that is put together")
class PartTest {
  private static final Spot SPOT = Spot.of(new ContainerName("AUTH_test", "c"), "o");
  private static final Followed.Whole WHOLE =
      new Followed.Whole(
          List.of(
              new Field("Last-Modified", "Mon, 23 Nov 2026 10:00:00 GMT"),
              new Field("Etag", "\"abc\"")),
          "abc",
          List.of(new Piece(SPOT, "h1", 6, 0, 6), new Piece(SPOT, "h2", 10, 2, 4)));

  private static Optional<Part> part(String method, Field... fields) {
    return Part.of(new Head(method, "/v1/AUTH_test/c/o", List.of(fields)), WHOLE);
  }

  private static String said(Part part) {
    String range =
        part.answer().fields().stream()
            .filter(field -> field.is("Content-Range"))
            .map(Field::value)
            .findFirst()
            .orElse("-");
    return part.answer().status() + " " + range + " " + part.from() + "+" + part.bytes();
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0,206 bytes 0-0/10 0+1",
    "bytes=0-9,206 bytes 0-9/10 0+10",
    "bytes=5-100,206 bytes 5-9/10 5+5",
    "bytes=7-,206 bytes 7-9/10 7+3",
    "bytes=-3,206 bytes 7-9/10 7+3",
    "bytes=-30,206 bytes 0-9/10 0+10",
    "bytes=10-,416 bytes */10 0+0",
    "bytes=-0,416 bytes */10 0+0",
    "bytes=-,200 - 0+10",
    "bytes=5-4,200 - 0+10",
    "'bytes=0-1,3-4',200 - 0+10",
    "lines=0-1,200 - 0+10",
    "bytes=99999999999999999999-,200 - 0+10",
  })
  @DisplayName("is the range that is asked for")
  void ranges(String range, String expected) {
    assertThat(said(part("GET", new Field("Range", range)).orElseThrow())).isEqualTo(expected);
    assertThat(said(part("HEAD", new Field("Range", range)).orElseThrow())).isEqualTo("200 - 0+10");
  }

  @ParameterizedTest
  @CsvSource({
    "If-Match,abc,200",
    "If-Match,'x, \"abc\"',200",
    "If-Match,*,200",
    "If-Match,x,0",
    "If-None-Match,\"abc\",304",
    "If-None-Match,W/\"abc\",304",
    "If-None-Match,x,200",
    "if_none_match,abc,304",
    "If-Modified-Since,'Mon, 23 Nov 2026 10:00:00 GMT',304",
    "If-Modified-Since,'Mon, 23 Nov 2026 09:59:59 GMT',200",
    "If-Modified-Since,yesterday,200",
    "If-Unmodified-Since,'Mon, 23 Nov 2026 10:00:00 GMT',200",
    "If-Unmodified-Since,'Mon, 23 Nov 2026 09:59:59 GMT',0",
  })
  @DisplayName("depends on what the client knows of it")
  void conditions(String name, String value, int status) {
    int said = part("GET", new Field(name, value)).map(each -> each.answer().status()).orElse(0);
    assertThat(said).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "\"abc\",206",
    "x,200",
    "'Mon, 23 Nov 2026 10:00:00 GMT',206",
    "'Mon, 23 Nov 2026 11:00:00 GMT',200"
  })
  @DisplayName("is the whole if the range is one of something else")
  void rangeOfOther(String same, int status) {
    Part part =
        part("GET", new Field("Range", "bytes=0-3"), new Field("If-Range", same)).orElseThrow();
    assertThat(part.answer().status()).isEqualTo(status);
  }

  @Test
  @DisplayName("is cut out of its pieces byte by byte")
  void cut() {
    List<Piece> pieces = WHOLE.pieces();
    for (int from = 0; from <= 10; from++) {
      for (int bytes = 0; from + bytes <= 10; bytes++) {
        StringBuilder some = new StringBuilder();
        for (Piece each : Piece.cut(pieces, from, bytes)) {
          assertThat(each.bytes()).isPositive();
          String text = each.hash().equals("h1") ? "abcdef" : "??ghij????";
          some.append(text, (int) each.from(), (int) (each.from() + each.bytes()));
        }
        assertThat(some.toString()).isEqualTo("abcdefghij".substring(from, from + bytes));
      }
    }
  }
}
