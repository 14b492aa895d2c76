package io.cotidal.lab.swift;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The body of a request, read once.
 *
 * @param bytes where it comes from
 * @param length in bytes; negative for one that is sent in chunks
 */
public record RawBody(InputStream bytes, long length) {
  /** Of bytes. */
  public static RawBody of(byte[] bytes) {
    return new RawBody(new ByteArrayInputStream(bytes), bytes.length);
  }

  /** Of a text. */
  public static RawBody of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** In chunks. */
  public static RawBody chunked(InputStream bytes) {
    return new RawBody(bytes, -1);
  }
}
