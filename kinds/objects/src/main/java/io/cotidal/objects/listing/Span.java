package io.cotidal.objects.listing;

/**
 * A part of a container's listing. What is empty does not narrow it.
 *
 * @param prefix with which names begin
 * @param after the names are greater than this one
 * @param before the names are smaller than this one
 */
public record Span(String prefix, String after, String before) {
  /** The whole. */
  public static final Span ALL = new Span("", "", "");

  /** From the beginning to {@code before}, which is not part of it, or after {@code after}. */
  public static Span between(String after, String before) {
    return new Span("", after, before);
  }
}
