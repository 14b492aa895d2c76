package io.cotidal.server.api;

import io.cotidal.model.Actor;
import io.cotidal.model.Details;
import io.cotidal.model.Diagnosis;
import io.cotidal.model.ItemChange;
import io.cotidal.model.MemberId;
import io.cotidal.model.OperationId;
import io.cotidal.model.ResourceId;
import io.cotidal.model.WhenUnknown;
import io.cotidal.server.json.Json;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON schemas of records, in the form in which {@link Json} writes them. */
final class Schemas {
  private final Map<String, ObjectNode> made = new TreeMap<>();

  /** A reference to the schema of {@code type}, which is made if need be. */
  ObjectNode of(Class<?> type) {
    String name = type.getSimpleName();
    if (!made.containsKey(name)) {
      made.put(name, Json.object());
      made.put(name, record(type));
    }
    return reference(name);
  }

  /** A reference to the schema of RFC 9457 problems. */
  ObjectNode problem() {
    made.computeIfAbsent(
        "Problem",
        _ -> {
          ObjectNode schema = Json.object().put("type", "object");
          ObjectNode properties = schema.putObject("properties");
          for (String text : new String[] {"type", "title", "detail", "hint", "operation"}) {
            properties.putObject(text).put("type", "string");
          }
          properties.putObject("status").put("type", "integer");
          schema.putArray("required").add("type").add("title").add("status").add("detail");
          return schema;
        });
    return reference("Problem");
  }

  /** All schemas made so far, by name. */
  ObjectNode all() {
    ObjectNode all = Json.object();
    made.forEach(all::set);
    return all;
  }

  private static ObjectNode reference(String name) {
    return Json.object().put("$ref", "#/components/schemas/" + name);
  }

  private ObjectNode record(Class<?> type) {
    ObjectNode schema = Json.object().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = schema.putArray("required");
    for (RecordComponent component : type.getRecordComponents()) {
      ObjectNode property = schema(component.getGenericType());
      boolean nullable =
          has(component.getAnnotatedType()) || has(component) || component.getType() == Long.class;
      properties.set(component.getName(), nullable ? orNull(property) : property);
      required.add(component.getName());
    }
    return schema;
  }

  private static boolean has(AnnotatedElement element) {
    return element.isAnnotationPresent(Nullable.class);
  }

  private static ObjectNode orNull(ObjectNode property) {
    ObjectNode either = Json.object();
    either.putArray("anyOf").add(property).addObject().put("type", "null");
    return either;
  }

  private ObjectNode schema(Type type) {
    if (type instanceof ParameterizedType generic) {
      Class<?> raw = (Class<?>) generic.getRawType();
      Type[] arguments = generic.getActualTypeArguments();
      ObjectNode schema = Json.object();
      if (Collection.class.isAssignableFrom(raw)) {
        schema.put("type", "array").set("items", schema(arguments[0]));
        return schema;
      }
      schema.put("type", "object").set("additionalProperties", schema(arguments[1]));
      return schema;
    }
    return plain((Class<?>) type);
  }

  private ObjectNode plain(Class<?> type) {
    ObjectNode schema = Json.object();
    if (type == long.class || type == int.class || type == Long.class) {
      return schema.put("type", "integer");
    }
    if (type == boolean.class) {
      return schema.put("type", "boolean");
    }
    if (type == Duration.class) {
      return schema.put("type", "string").put("format", "duration");
    }
    if (type.isEnum()) {
      ArrayNode words = schema.put("type", "string").putArray("enum");
      for (Object constant : type.getEnumConstants()) {
        words.add(Json.word((Enum<?>) constant));
      }
      return schema;
    }
    return named(type);
  }

  private ObjectNode named(Class<?> type) {
    ObjectNode schema = Json.object();
    if (type == String.class || type == Actor.class || type == MemberId.class) {
      return schema.put("type", "string");
    }
    if (type == ResourceId.class) {
      return schema.put("type", "string").put("description", "kind/name");
    }
    if (type == OperationId.class) {
      return schema.put("type", "string").put("description", "kind/name#number");
    }
    if (type == Details.class) {
      schema.put("type", "object").putObject("additionalProperties").put("type", "string");
      return schema;
    }
    if (type == Diagnosis.class) {
      return of(DiagnosisView.class);
    }
    if (type == WhenUnknown.class) {
      ObjectNode properties = schema.put("type", "object").putObject("properties");
      properties.putObject("code").putArray("enum").add("retry-for").add("fail").add("attention");
      properties.putObject("limit").put("type", "string").put("format", "duration");
      return schema;
    }
    if (type == ItemChange.class) {
      return itemChange(schema);
    }
    if (type.isRecord()) {
      return of(type);
    }
    throw new IllegalStateException("no schema for " + type);
  }

  private ObjectNode itemChange(ObjectNode schema) {
    ObjectNode properties = schema.put("type", "object").putObject("properties");
    properties.putObject("change").putArray("enum").add("put").add("drop");
    for (String text : new String[] {"sort", "name", "owner", "state"}) {
      properties.putObject(text).put("type", "string");
    }
    properties.set("facts", named(Details.class));
    properties.putObject("expiresMicros").put("type", "integer");
    schema.putArray("required").add("change").add("sort").add("name");
    return schema;
  }

  /** A diagnosis as it is written. */
  record DiagnosisView(
      String code, String sentence, io.cotidal.model.Severity severity, Details evidence) {}
}
