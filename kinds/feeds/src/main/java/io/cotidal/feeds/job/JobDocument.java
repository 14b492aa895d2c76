package io.cotidal.feeds.job;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The text of a job that publishes a table, as its master writes it. Deltas are put into it, and
 * all else stays as it was written, to the letter.
 */
public final class JobDocument {
  private static final String DATA = "data";
  private static final String DELTAS = "deltas";
  private static final JsonFactory FACTORY = JsonFactory.builder().build();

  private final String text;
  private final Blob dump;
  private final Spots spots;

  /**
   * Where something begins in the text.
   *
   * @param open the brace that begins the data
   * @param close the brace that ends them
   * @param list the value of the list of deltas, from its first letter; -1 if there is none
   * @param end behind that value
   */
  private record Spots(int open, int close, int list, int end) {}

  private JobDocument(String text, Blob dump, Spots spots) {
    this.text = text;
    this.dump = dump;
    this.spots = spots;
  }

  /**
   * Reads one.
   *
   * @param place of it, for messages
   * @throws IllegalArgumentException with one line if no table can be published by it
   */
  public static JobDocument read(String place, String text) {
    try {
      Map<String, Object> values = Json.read(place, text);
      Optional<Fields> data = new Fields(place, values).object(DATA);
      Optional<Blob> dump =
          data.isPresent() ? Addresses.blob(data.get(), "file", "md5") : Optional.empty();
      if (dump.isEmpty() || !dump.get().pinned()) {
        throw new BadJob(place, "data: names no dump with its MD5; write both");
      }
      return new JobDocument(text, dump.get(), spots(place, text));
    } catch (BadJob e) {
      throw new IllegalArgumentException(e.reason(), e);
    }
  }

  /** The dump that it names. */
  public Blob dump() {
    return dump;
  }

  private static Spots spots(String place, String text) throws BadJob {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      parser.nextToken();
      find(parser, DATA);
      int open = at(parser);
      int list = -1;
      int end = -1;
      if (find(parser, DELTAS)) {
        list = at(parser);
        if (parser.currentToken() != JsonToken.START_ARRAY) {
          throw new BadJob(place, "data.deltas: is no list; write [ ]");
        }
        parser.skipChildren();
        end = at(parser) + 1;
        find(parser, "");
      }
      return new Spots(open, at(parser), list, end);
    } catch (JacksonException e) {
      throw new BadJob(place, "is no JSON; publish it again");
    }
  }

  /** Goes to the value of that name in the object that begins here; else to the object's end. */
  private static boolean find(JsonParser parser, String name) {
    JsonToken token = parser.nextToken();
    while (token == JsonToken.PROPERTY_NAME) {
      boolean found = name.equals(parser.currentName());
      parser.nextToken();
      if (found) {
        return true;
      }
      parser.skipChildren();
      token = parser.nextToken();
    }
    return false;
  }

  private static int at(JsonParser parser) {
    return (int) parser.currentTokenLocation().getCharOffset();
  }

  /** The text with those deltas instead of the ones that it offers. */
  public String offering(List<Offer> offers) {
    @Nullable String indent = indent();
    String list = list(offers, indent);
    if (spots.list >= 0) {
      return text.substring(0, spots.list) + list + text.substring(spots.end);
    }
    if (offers.isEmpty()) {
      return text;
    }
    int last = spots.close;
    while (Character.isWhitespace(text.charAt(last - 1))) {
      last--;
    }
    String between = indent == null ? " " : "\n" + indent;
    return text.substring(0, last) + "," + between + "\"deltas\": " + list + text.substring(last);
  }

  private static String list(List<Offer> offers, @Nullable String indent) {
    if (offers.isEmpty()) {
      return "[]";
    }
    if (indent == null) {
      return offers.stream().map(Offer::json).collect(Collectors.joining(", ", "[", "]"));
    }
    return offers.stream()
        .map(offer -> "\n" + indent + "  " + offer.json())
        .collect(Collectors.joining(",", "[", "\n" + indent + "]"));
  }

  /** What stands before the data's first field on a line of its own; null if it has none. */
  private @Nullable String indent() {
    int end = spots.open + 1;
    int line = -1;
    while (Character.isWhitespace(text.charAt(end))) {
      line = text.charAt(end) == '\n' ? end + 1 : line;
      end++;
    }
    return line < 0 ? null : text.substring(line, end);
  }
}
