package io.cotidal.cli.api;

import java.io.ByteArrayOutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON read and written with the streaming part of Jackson alone: data binding would cost most of
 * the start-up time.
 */
public final class Json {
  private static final int INDENT = 2;

  private final JsonFactory factory = new JsonFactory();

  /**
   * Reads one document.
   *
   * @throws tools.jackson.core.JacksonException if {@code bytes} are no JSON
   */
  public Node read(byte[] bytes) {
    try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), bytes)) {
      parser.nextToken();
      return new Node(value(parser));
    }
  }

  private @Nullable Object value(JsonParser parser) {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case null -> null;
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> parser.getString();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }

  private Map<String, @Nullable Object> object(JsonParser parser) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      map.put(name, value(parser));
    }
    return map;
  }

  private List<@Nullable Object> array(JsonParser parser) {
    List<@Nullable Object> list = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      list.add(value(parser));
    }
    return list;
  }

  /** The bytes of {@code value} for a request. */
  public byte[] bytes(Object value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator generator = factory.createGenerator(ObjectWriteContext.empty(), bytes)) {
      compact(generator, value);
    }
    return bytes.toByteArray();
  }

  private static void compact(JsonGenerator generator, @Nullable Object value) {
    switch (value) {
      case Map<?, ?> map -> {
        generator.writeStartObject();
        map.forEach((name, item) -> {
          generator.writeName(String.valueOf(name));
          compact(generator, item);
        });
        generator.writeEndObject();
      }
      case List<?> list -> {
        generator.writeStartArray();
        list.forEach(item -> compact(generator, item));
        generator.writeEndArray();
      }
      case null, default -> scalar(generator, value);
    }
  }

  private static void scalar(JsonGenerator generator, @Nullable Object value) {
    switch (value) {
      case null -> generator.writeNull();
      case Boolean truth -> generator.writeBoolean(truth);
      case Integer number -> generator.writeNumber(number);
      case Long number -> generator.writeNumber(number);
      case Number number -> generator.writeNumber(number.toString());
      default -> generator.writeString(value.toString());
    }
  }

  /** {@code value} for people: indented, one member a line, ending in a line break. */
  public String pretty(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    pretty(out, value, 0);
    return out.append('\n').toString();
  }

  private void pretty(StringBuilder out, @Nullable Object value, int indent) {
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      String separator = "{";
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        line(out.append(separator), indent + INDENT);
        out.append(text(String.valueOf(entry.getKey()))).append(": ");
        pretty(out, entry.getValue(), indent + INDENT);
        separator = ",";
      }
      line(out, indent);
      out.append('}');
    } else if (value instanceof List<?> list && !list.isEmpty()) {
      String separator = "[";
      for (Object item : list) {
        line(out.append(separator), indent + INDENT);
        pretty(out, item, indent + INDENT);
        separator = ",";
      }
      line(out, indent);
      out.append(']');
    } else {
      out.append(text(value));
    }
  }

  private static void line(StringBuilder out, int indent) {
    out.append('\n').repeat(' ', indent);
  }

  /** A scalar, or an empty map or list, on one line. */
  private String text(@Nullable Object value) {
    StringWriter writer = new StringWriter();
    try (JsonGenerator generator = factory.createGenerator(ObjectWriteContext.empty(), writer)) {
      compact(generator, value);
    }
    return writer.toString();
  }

  /** {@code value} on one line. */
  public String line(@Nullable Object value) {
    return value == null ? "null" : new String(bytes(value), StandardCharsets.UTF_8);
  }
}
