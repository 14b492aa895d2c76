package io.cotidal.gateway.wire.message;

/** How the end of a body is found. */
public sealed interface Framing {
  /** Nothing follows the head. */
  record None() implements Framing {}

  /**
   * So many bytes follow.
   *
   * @param bytes 0 or more
   */
  record Length(long bytes) implements Framing {}

  /** Chunks follow, and a last one of no bytes. */
  record Chunked() implements Framing {}

  /** All that follows until the connection ends; answers only. */
  record UntilClose() implements Framing {}

  /** Whether nothing follows. */
  default boolean empty() {
    return switch (this) {
      case None _ -> true;
      case Length length -> length.bytes() == 0;
      case Chunked _, UntilClose _ -> false;
    };
  }
}
