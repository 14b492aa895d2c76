package io.cotidal.gateway.door;

import java.util.List;

/**
 * The head of a request as it came.
 *
 * @param target raw: nothing decoded, nothing merged, nothing removed
 * @param fields in the order in which they came, without those of the connection
 */
public record Head(String method, String target, List<Field> fields) {
  /** With fields of its own. */
  public Head {
    fields = List.copyOf(fields);
  }
}
