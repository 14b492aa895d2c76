package io.cotidal.objects.listing;

import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.names.Timestamp;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/** One page of a listing of objects, read as it comes. */
public final class Page implements AutoCloseable {
  private static final int LONGEST = 128 * 1024;
  private static final String MARKER = "application/x-deleted;swift_versions_deleted=1";
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(8)
                  .maxStringLength(LONGEST)
                  .maxNumberLength(20)
                  .build())
          .build();

  private final InputStream bytes;
  private @Nullable JsonParser parser;
  private boolean begun;
  private boolean over;

  /** Over the bytes of a JSON array; closed with the page. */
  public Page(InputStream bytes) {
    this.bytes = bytes;
  }

  /**
   * The next row; empty at the end.
   *
   * @throws IOException if its bytes break off
   * @throws ListingTrouble if they are no listing
   */
  public Optional<ObjectRow> next() throws IOException, ListingTrouble {
    if (over) {
      return Optional.empty();
    }
    try {
      JsonParser json = parser();
      if (!begun) {
        expect(JsonToken.START_ARRAY, json.nextToken());
        begun = true;
      }
      JsonToken token = json.nextToken();
      if (token == JsonToken.END_ARRAY) {
        // To the end of the bytes, so that their connection can be kept.
        over = json.nextToken() == null;
        if (!over) {
          throw bad("it goes on after its end");
        }
        return Optional.empty();
      }
      expect(JsonToken.START_OBJECT, token);
      return Optional.of(row(json));
    } catch (JacksonIOException e) {
      throw e.getCause() == null ? new IOException(e) : e.getCause();
    } catch (JacksonException e) {
      throw bad("it is no JSON");
    }
  }

  private JsonParser parser() {
    JsonParser made = parser;
    if (made == null) {
      made = FACTORY.createParser(ObjectReadContext.empty(), bytes);
      parser = made;
    }
    return made;
  }

  private static ObjectRow row(JsonParser json) throws ListingTrouble {
    Draft draft = new Draft();
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String field = json.currentName();
      JsonToken token = json.nextToken();
      switch (field) {
        case "name" -> draft.name = text(json, token);
        case "hash" -> draft.hash = text(json, token);
        case "last_modified" -> draft.written = time(text(json, token));
        case "bytes" -> draft.bytes = number(json, token);
        case "version_id" -> draft.version = text(json, token);
        case "is_latest" -> draft.latest = token == JsonToken.VALUE_TRUE;
        case "content_type" -> draft.marker = text(json, token).equals(MARKER);
        default -> json.skipChildren();
      }
    }
    expect(JsonToken.END_OBJECT, json.currentToken());
    return draft.row();
  }

  private static String text(JsonParser json, JsonToken token) throws ListingTrouble {
    expect(JsonToken.VALUE_STRING, token);
    return json.getString();
  }

  private static long number(JsonParser json, JsonToken token) throws ListingTrouble {
    expect(JsonToken.VALUE_NUMBER_INT, token);
    return json.getLongValue();
  }

  private static Timestamp time(String text) throws ListingTrouble {
    try {
      return Timestamp.listed(text);
    } catch (RuntimeException e) {
      throw bad("a time in it is none");
    }
  }

  private static void expect(JsonToken wanted, @Nullable JsonToken found) throws ListingTrouble {
    if (found == null) {
      throw bad("it ends in the middle");
    }
    if (found != wanted) {
      throw bad("it is not a list of objects");
    }
  }

  private static ListingTrouble bad(String reason) {
    return new ListingTrouble(
        "the listing cannot be used (" + reason + "): is it Swift that answers?");
  }

  /** Closes its bytes, wherever it is. */
  @Override
  public void close() {
    try {
      bytes.close();
    } catch (IOException e) {
      // What was to be read has been.
      over = true;
    }
  }

  /** What was read of a row. */
  private static final class Draft {
    private @Nullable String name;
    private @Nullable Timestamp written;
    private String hash = "";
    private long bytes = -1;
    private String version = "";
    private boolean latest = true;
    private boolean marker;

    ObjectRow row() throws ListingTrouble {
      if (name == null || name.isEmpty() || written == null || bytes < 0) {
        throw bad("a row lacks its name, its time or its length");
      }
      return new ObjectRow(
          name, written, hash, bytes, version, latest, marker && !version.isEmpty());
    }
  }
}
