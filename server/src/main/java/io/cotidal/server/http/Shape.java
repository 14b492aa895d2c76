package io.cotidal.server.http;

import io.cotidal.model.Action;
import java.util.List;

/** What a body looks like, for the description of the API. */
public sealed interface Shape {
  /** No body. */
  record Nothing() implements Shape {}

  /** A JSON object with the record's components. */
  record Of(Class<? extends Record> type) implements Shape {}

  /** A JSON object of texts: an action's input. */
  record Fields(List<Action.Field> fields) implements Shape {
    /** Copies the list. */
    public Fields {
      fields = List.copyOf(fields);
    }
  }

  /** Any JSON object. */
  record AnyObject() implements Shape {}

  /** Something that is not JSON. */
  record Media(String type) implements Shape {}
}
