package io.cotidal.remote.http.kept;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/** What a request brings. It is read once, by the thread that calls. */
public interface Body {
  /** How many bytes; empty if nobody knows, and then it goes in chunks. */
  OptionalLong length();

  /**
   * Its bytes. It is asked for when the server may have them: with an expectation, not before the
   * server said so or the patience was over. The caller of the call closes it.
   *
   * @throws IOException if it cannot be read; the connection is reset then, so that the server
   *     never takes a part for the whole
   */
  InputStream open() throws IOException;

  /**
   * The final answer has come before all was sent; no more is wanted. It is called by another
   * thread, perhaps while the one that calls waits for more of these bytes, and must not block.
   */
  default void enough() {}

  /** Whether it can be opened again, and then brings all its bytes once more. */
  default boolean repeatable() {
    return false;
  }

  /** These bytes, as often as they are asked for. */
  static Body of(byte[] bytes) {
    return new Bytes(bytes);
  }

  /** So many bytes of a stream; fewer are a fault, more are left there. */
  static Body of(long length, InputStream bytes) {
    return new Stream(OptionalLong.of(length), bytes);
  }

  /** All of a stream, in chunks. */
  static Body chunked(InputStream bytes) {
    return new Stream(OptionalLong.empty(), bytes);
  }

  /**
   * A stream that is there.
   *
   * @param length as of the body
   * @param open the stream
   */
  record Stream(OptionalLong length, InputStream open) implements Body {}

  /**
   * Bytes that are there.
   *
   * @param bytes all of them; kept, not copied
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares or changes it.
  record Bytes(byte[] bytes) implements Body {
    @Override
    public OptionalLong length() {
      return OptionalLong.of(bytes.length);
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(bytes);
    }

    @Override
    public boolean repeatable() {
      return true;
    }
  }
}
