package io.cotidal.server.json;

import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Diagnosis;
import io.cotidal.model.ItemChange;
import io.cotidal.model.MemberId;
import io.cotidal.model.OperationId;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.model.WhenUnknown;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.ser.std.StdSerializer;

/** The API's JSON. Thread-safe. */
public final class Json {
  /** How deep a request's JSON may nest. */
  public static final int MAX_DEPTH = 16;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxStringLength(64 * 1024)
                          .maxNameLength(256)
                          .maxNumberLength(40)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .addModule(words())
          .build();

  private Json() {}

  /** {@code value} as UTF-8 JSON. */
  public static byte[] write(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }

  /** {@code value} as JSON text on one line. */
  public static String text(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /** An empty object to be filled. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /**
   * Reads one JSON object.
   *
   * @throws IllegalArgumentException if the text is not exactly one object within the limits
   */
  public static ObjectNode readObject(byte[] utf8) {
    JsonNode node;
    try {
      node = MAPPER.readTree(utf8);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("the body is not JSON: " + e.getOriginalMessage(), e);
    }
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw new IllegalArgumentException("the body must be a JSON object");
  }

  /** An enum constant as the API writes it: {@code CANNOT_TELL} is {@code cannot-tell}. */
  public static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static SimpleModule words() {
    SimpleModule module = new SimpleModule("cotidal");
    module.addSerializer(new Records());
    text(module, ResourceId.class);
    text(module, MemberId.class);
    text(module, OperationId.class);
    text(module, Actor.class);
    text(module, Secret.class);
    text(module, Duration.class);
    add(module, Enum.class, (constant, json) -> json.writeString(word(constant)));
    add(module, Details.class, Json::details);
    add(module, Diagnosis.class, Json::diagnosis);
    add(module, Set.class, Json::sorted);
    return module;
  }

  private static void details(Details details, JsonGenerator json) {
    json.writeStartObject();
    for (Map.Entry<String, String> entry : details.entries().entrySet()) {
      json.writeStringProperty(entry.getKey(), entry.getValue());
    }
    json.writeEndObject();
  }

  static void diagnosis(Diagnosis diagnosis, JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("code", diagnosis.code());
    json.writeStringProperty("sentence", diagnosis.sentence());
    json.writeStringProperty("severity", word(diagnosis.severity()));
    json.writeName("evidence");
    details(diagnosis.evidence(), json);
    json.writeEndObject();
  }

  static void whenUnknown(WhenUnknown answer, JsonGenerator json) {
    json.writeStartObject();
    switch (answer) {
      case WhenUnknown.RetryFor retry -> {
        json.writeStringProperty("code", "retry-for");
        json.writeStringProperty("limit", retry.limit().toString());
      }
      case WhenUnknown.Fail _ -> json.writeStringProperty("code", "fail");
      case WhenUnknown.Attention _ -> json.writeStringProperty("code", "attention");
    }
    json.writeEndObject();
  }

  static void itemChange(ItemChange change, JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("sort", change.sort());
    json.writeStringProperty("name", change.name());
    switch (change) {
      case ItemChange.Put put -> {
        json.writeStringProperty("change", "put");
        json.writeStringProperty("owner", put.owner());
        json.writeStringProperty("state", put.state());
        json.writeName("facts");
        details(put.changes(), json);
        json.writeNumberProperty("expiresMicros", put.expiresMicros());
      }
      case ItemChange.Drop _ -> json.writeStringProperty("change", "drop");
    }
    json.writeEndObject();
  }

  /** Sets here hold names; sorted, the same value always gives the same text. */
  private static void sorted(Set<?> names, JsonGenerator json) {
    json.writeStartArray();
    Set<String> texts = new TreeSet<>();
    names.forEach(name -> texts.add(name.toString()));
    texts.forEach(json::writeString);
    json.writeEndArray();
  }

  private static <T> void text(SimpleModule module, Class<T> type) {
    add(module, type, (value, json) -> json.writeString(value.toString()));
  }

  private static <T> void add(
      SimpleModule module, Class<T> type, BiConsumer<? super T, JsonGenerator> writer) {
    module.addSerializer(
        type,
        new StdSerializer<T>(type) {
          @Override
          public void serialize(T value, JsonGenerator json, SerializationContext context) {
            writer.accept(value, json);
          }
        });
  }
}
