package io.cotidal.app.config;

/**
 * What texts a key accepts, and the value that each means.
 *
 * @param <T> the value's type
 */
interface Form<T> {
  /** Reads {@code text}; never throws, whatever it holds. */
  Read<T> read(String text);

  /** What came of reading. */
  sealed interface Read<T> {
    /** It is a value. */
    record Fit<T>(T value) implements Read<T> {}

    /** It is none. */
    record Unfit<T>(String reason, String remedy) implements Read<T> {}
  }

  /** A value. */
  static <T> Read<T> fit(T value) {
    return new Read.Fit<>(value);
  }

  /** No value. */
  static <T> Read<T> unfit(String reason, String remedy) {
    return new Read.Unfit<>(reason, remedy);
  }
}
