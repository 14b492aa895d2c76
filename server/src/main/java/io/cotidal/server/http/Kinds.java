package io.cotidal.server.http;

/** Where routes about resources begin. */
public final class Kinds {
  /** The path below which resources are, as {@code kind/name}. */
  public static final String RESOURCES = "/api/v1/resources";

  private Kinds() {}

  /** The kind that a template below {@link #RESOURCES} names literally; empty if it does not. */
  static String of(String template) {
    if (!template.startsWith(RESOURCES + "/")) {
      return "";
    }
    String rest = template.substring(RESOURCES.length() + 1);
    int slash = rest.indexOf('/');
    return slash < 0 ? rest : rest.substring(0, slash);
  }
}
