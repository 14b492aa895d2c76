package io.cotidal.model;

/**
 * An operation of a resource, written {@code kind/name#number}. Numbers of one resource only ever
 * rise.
 */
public record OperationId(ResourceId resource, long number) {
  /**
   * Reads {@code kind/name#number}.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static OperationId parse(String text) {
    int hash = text.indexOf('#');
    if (hash > 0 && text.substring(hash + 1).matches("[1-9][0-9]{0,17}")) {
      return new OperationId(
          ResourceId.parse(text.substring(0, hash)), Long.parseLong(text.substring(hash + 1)));
    }
    throw new IllegalArgumentException(
        "operation '"
            + Names.printable(text)
            + "': write kind/name#number, for example postgres/orders#17");
  }

  @Override
  public String toString() {
    return resource + "#" + number;
  }
}
