package io.cotidal.feeds.job;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a document: one object of at most 1 MiB, no key twice, bounded in depth, numbers that Java
 * can hold. Its values are maps, lists, {@link String}, {@link Long}, {@link Double}, {@link
 * Boolean} and null. What it says of a bad one quotes nothing of it but keys: values may be secret.
 */
final class Json {
  /** Bytes, roughly: characters of the text. */
  static final int LARGEST = 1 << 20;

  private static final int DEEPEST = 32;
  private static final int LONGEST_NUMBER = 40;
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(DEEPEST + 8).build())
          .build();

  private final String place;
  private final JsonParser parser;
  private int depth;

  private Json(String place, JsonParser parser) {
    this.place = place;
    this.parser = parser;
  }

  /** The object that {@code text} is. */
  static Map<String, Object> read(String place, String text) throws BadJob {
    if (text.length() > LARGEST) {
      throw new BadJob(
          place, "is larger than " + LARGEST + " characters; a job is a few kilobytes");
    }
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      Json json = new Json(place, parser);
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw json.bad("is no JSON object; write { }");
      }
      Map<String, Object> read = json.object();
      if (parser.nextToken() != null) {
        throw json.bad("goes on after the object; write one object");
      }
      return read;
    } catch (JacksonException e) {
      long line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new BadJob(place, "line " + line + ": is no JSON; publish it again");
    }
  }

  private @Nullable Object value(JsonToken token) throws BadJob {
    return switch (token) {
      case START_OBJECT -> object();
      case START_ARRAY -> array();
      case VALUE_STRING -> parser.getString();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number();
      case VALUE_NULL -> null;
      case END_ARRAY, END_OBJECT, PROPERTY_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw bad("is no JSON; publish it again");
    };
  }

  private Map<String, Object> object() throws BadJob {
    deepen();
    Map<String, Object> object = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = parser.currentName();
      if (object.containsKey(key)) {
        throw bad("says " + BadJob.quoted(key) + " twice; say it once");
      }
      object.put(key, value(parser.nextToken()));
    }
    depth--;
    return object;
  }

  private List<Object> array() throws BadJob {
    deepen();
    List<Object> array = new ArrayList<>();
    JsonToken token = parser.nextToken();
    while (token != JsonToken.END_ARRAY) {
      array.add(value(token));
      token = parser.nextToken();
    }
    depth--;
    return array;
  }

  private Object number() throws BadJob {
    if (parser.getStringLength() > LONGEST_NUMBER) {
      throw bad("holds a number of more than " + LONGEST_NUMBER + " digits; write a shorter one");
    }
    String digits = parser.getString();
    double real = Double.parseDouble(digits);
    if (!Double.isFinite(real)) {
      throw bad("holds a number that is too large; write a smaller one");
    }
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
      return real;
    }
    try {
      return Long.valueOf(digits);
    } catch (NumberFormatException e) {
      throw bad("holds a whole number beyond 64 bits; write a smaller one");
    }
  }

  private void deepen() throws BadJob {
    depth++;
    if (depth > DEEPEST) {
      throw bad("nests deeper than " + DEEPEST + "; write it flatter");
    }
  }

  private BadJob bad(String reason) {
    return new BadJob(place, "line " + parser.currentLocation().getLineNr() + ": " + reason);
  }
}
