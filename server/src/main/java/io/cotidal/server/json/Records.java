package io.cotidal.server.json;

import io.cotidal.model.Diagnosis;
import io.cotidal.model.ItemChange;
import io.cotidal.model.WhenUnknown;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * Writes a record as its components, in their order, and nothing else: no {@code isX()} becomes a
 * field by accident.
 */
final class Records extends StdSerializer<Record> {
  private static final ClassValue<List<Method>> ACCESSORS =
      new ClassValue<>() {
        @Override
        protected List<Method> computeValue(Class<?> type) {
          return Arrays.stream(type.getRecordComponents())
              .map(RecordComponent::getAccessor)
              .peek(accessor -> accessor.setAccessible(true))
              .toList();
        }
      };

  Records() {
    super(Record.class);
  }

  @Override
  public void serialize(Record value, JsonGenerator json, SerializationContext context) {
    switch (value) {
      case Diagnosis diagnosis -> Json.diagnosis(diagnosis, json);
      case WhenUnknown answer -> Json.whenUnknown(answer, json);
      case ItemChange change -> Json.itemChange(change, json);
      default -> components(value, json, context);
    }
  }

  private static void components(Record value, JsonGenerator json, SerializationContext context) {
    json.writeStartObject();
    for (Method accessor : ACCESSORS.get(value.getClass())) {
      json.writeName(accessor.getName());
      context.writeValue(json, read(accessor, value));
    }
    json.writeEndObject();
  }

  private static @Nullable Object read(Method accessor, Record value) {
    try {
      return accessor.invoke(value);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("cannot read " + accessor, e);
    }
  }
}
