package io.cotidal.gateway.reading;

import io.cotidal.gateway.door.Answer;
import io.cotidal.gateway.door.Field;
import io.cotidal.gateway.door.Head;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client is told of a large object, by its conditions and the range that it asks for: as
 * Swift would, but that of several ranges all is given. Pure.
 *
 * @param from the first byte that is given
 * @param bytes how many; none but with 200 and 206
 */
record Part(Answer answer, long from, long bytes) {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");
  private static final int WHOLE = 200;
  private static final int SOME = 206;
  private static final int UNCHANGED = 304;
  private static final int BEYOND = 416;

  /** Empty if it is not what the client wants at all. */
  static Optional<Part> of(Head client, Followed.Whole whole) {
    Asking asking = new Asking(client, whole);
    if (!asking.meant()) {
      return Optional.empty();
    }
    if (asking.known()) {
      return Optional.of(new Part(new Answer(UNCHANGED, whole.fields()), 0, 0));
    }
    return Optional.of(asking.cut());
  }

  private record Asking(Head client, Followed.Whole whole) {
    private Optional<String> value(String name) {
      return client.fields().stream()
          .filter(field -> Bearer.name(field).equals(name))
          .map(Field::value)
          .findFirst();
    }

    private boolean names(String list) {
      return Arrays.stream(list.split(",", -1))
          .map(each -> each.strip().replace("\"", ""))
          .anyMatch(each -> each.equals("*") || each.equals(whole.etag()));
    }

    private Optional<Instant> written() {
      return whole.fields().stream()
          .filter(field -> field.is("Last-Modified"))
          .findFirst()
          .flatMap(field -> time(field.value()));
    }

    /** Whether it is what the client thinks that it is. */
    boolean meant() {
      Optional<String> match = value("if-match");
      if (match.isPresent()) {
        return names(match.get());
      }
      Optional<Instant> least = value("if-unmodified-since").flatMap(Part::time);
      return least.isEmpty() || written().filter(at -> !at.isAfter(least.get())).isPresent();
    }

    /** Whether the client has it already. */
    boolean known() {
      Optional<String> match = value("if-none-match");
      if (match.isPresent()) {
        return names(match.get().replace("W/", ""));
      }
      Optional<Instant> since = value("if-modified-since").flatMap(Part::time);
      return since.isPresent() && written().filter(at -> !at.isAfter(since.get())).isPresent();
    }

    Part cut() {
      long all = Piece.sum(whole.pieces());
      Optional<Matcher> range =
          client.method().equals("GET") && fresh()
              ? value("range").map(RANGE::matcher).filter(Matcher::matches)
              : Optional.empty();
      if (range.isEmpty() || (range.get().group(1) + range.get().group(2)).isEmpty()) {
        return new Part(new Answer(WHOLE, with("Accept-Ranges", "bytes")), 0, all);
      }
      String first = range.get().group(1);
      String last = range.get().group(2);
      long from = first.isEmpty() ? Math.max(0, all - Long.parseLong(last)) : Long.parseLong(first);
      long to =
          first.isEmpty() || last.isEmpty() ? all - 1 : Math.min(all - 1, Long.parseLong(last));
      if (!first.isEmpty() && !last.isEmpty() && Long.parseLong(last) < from) {
        return new Part(new Answer(WHOLE, with("Accept-Ranges", "bytes")), 0, all);
      }
      if (from > to) {
        return new Part(new Answer(BEYOND, with("Content-Range", "bytes */" + all)), 0, 0);
      }
      String given = "bytes %d-%d/%d".formatted(from, to, all);
      return new Part(new Answer(SOME, with("Content-Range", given)), from, to - from + 1);
    }

    /** Whether a range is still one of the object that the client has the rest of. */
    private boolean fresh() {
      Optional<String> same = value("if-range");
      if (same.isEmpty()) {
        return true;
      }
      Optional<Instant> at = time(same.get());
      return at.isPresent() ? written().equals(at) : names(same.get());
    }

    private List<Field> with(String name, String value) {
      List<Field> fields = new ArrayList<>(whole.fields());
      fields.removeIf(field -> field.is(name));
      fields.add(new Field(name, value));
      return fields;
    }
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.of(
          ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
