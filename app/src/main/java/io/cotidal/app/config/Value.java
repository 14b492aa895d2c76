package io.cotidal.app.config;

/**
 * A value, how it was written, and where.
 *
 * @param <T> its type
 */
record Value<T>(T value, String shown, Place place) {
  /** The one that holds if nobody wrote another. */
  static <T> Value<T> standard(T value, String shown) {
    return new Value<>(value, shown, Place.DEFAULT);
  }
}
