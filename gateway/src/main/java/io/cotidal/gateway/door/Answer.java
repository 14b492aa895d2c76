package io.cotidal.gateway.door;

import java.util.List;

/**
 * The head of a final answer.
 *
 * @param fields in the order in which they are sent, without those of the connection
 */
public record Answer(int status, List<Field> fields) {
  /** With fields of its own. */
  public Answer {
    fields = List.copyOf(fields);
  }
}
