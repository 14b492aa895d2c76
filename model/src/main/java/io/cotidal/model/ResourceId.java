package io.cotidal.model;

/**
 * The unit of configuration, leasing and permission, written {@code kind/name}: {@code
 * postgres/orders}.
 */
public record ResourceId(String kind, String name) implements Comparable<ResourceId> {
  /** Checks both parts against {@link Names}. */
  public ResourceId {
    Names.check("kind", kind);
    Names.check("resource name", name);
  }

  /**
   * Reads {@code kind/name}.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static ResourceId parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException(
          "resource '" + Names.printable(text) + "': write kind/name, for example postgres/orders");
    }
    return new ResourceId(text.substring(0, slash), text.substring(slash + 1));
  }

  @Override
  public int compareTo(ResourceId other) {
    int byKind = kind.compareTo(other.kind);
    return byKind != 0 ? byKind : name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return kind + "/" + name;
  }
}
