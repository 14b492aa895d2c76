package io.cotidal.lab.swift;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the messages of HTTP/1.1 off a connection. */
final class RawStream {
  private static final int BLOCK = 65_536;

  private final InputStream in;

  RawStream(InputStream in) {
    this.in = new BufferedInputStream(in, BLOCK);
  }

  /**
   * What comes before a body.
   *
   * @param first the line of the request, or of the status
   * @param headers in order
   */
  record Head(String first, List<RawHeader> headers) {
    Optional<String> header(String name) {
      return headers.stream()
          .filter(header -> header.name().equalsIgnoreCase(name))
          .map(RawHeader::value)
          .findFirst();
    }

    int status() {
      return Integer.parseInt(first.split(" ")[1]);
    }

    boolean chunked() {
      return header("Transfer-Encoding").filter("chunked"::equalsIgnoreCase).isPresent();
    }

    /** In bytes; negative if it is not said. */
    long length() {
      return header("Content-Length").map(Long::parseLong).orElse(-1L);
    }

    byte[] bytes() {
      StringBuilder text = new StringBuilder(first).append("\r\n");
      headers.forEach(
          header -> text.append(header.name()).append(": ").append(header.value()).append("\r\n"));
      return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }
  }

  /** The next head; empty if the connection ended before it. */
  Optional<Head> head() throws IOException {
    Optional<String> first = line();
    if (first.isEmpty()) {
      return Optional.empty();
    }
    List<RawHeader> headers = new ArrayList<>();
    for (String line = needed(); !line.isEmpty(); line = needed()) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new IOException("not a header: " + line);
      }
      headers.add(new RawHeader(line.substring(0, colon), line.substring(colon + 1).strip()));
    }
    return Optional.of(new Head(first.get(), headers));
  }

  private String needed() throws IOException {
    return line().orElseThrow(() -> new EOFException("the connection ended in a head"));
  }

  private Optional<String> line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int each = in.read(); each != '\n'; each = in.read()) {
      if (each < 0) {
        if (line.size() == 0) {
          return Optional.empty();
        }
        throw new EOFException("the connection ended in a line");
      }
      line.write(each);
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    return Optional.of(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
  }

  /** Copies so many bytes. */
  void copy(long length, OutputStream out) throws IOException {
    byte[] block = new byte[BLOCK];
    for (long left = length; left > 0; ) {
      int read = in.read(block, 0, (int) Math.min(left, BLOCK));
      if (read < 0) {
        throw new EOFException("the body ended " + left + " bytes early");
      }
      out.write(block, 0, read);
      left -= read;
    }
  }

  /** Copies all until the connection ends. */
  void copyAll(OutputStream out) throws IOException {
    in.transferTo(out);
  }

  /**
   * Copies a body that came in chunks.
   *
   * @param framed whether with the marks of the chunks
   */
  void copyChunks(OutputStream out, boolean framed) throws IOException {
    while (true) {
      String mark = needed();
      long length = Long.parseLong(mark.split(";")[0].strip(), 16);
      frame(out, framed, mark + "\r\n");
      copy(length, out);
      // After the last chunk lines may follow, until an empty one.
      String line = needed();
      while (length == 0 && !line.isEmpty()) {
        frame(out, framed, line + "\r\n");
        line = needed();
      }
      frame(out, framed, "\r\n");
      if (length == 0) {
        return;
      }
    }
  }

  private static void frame(OutputStream out, boolean framed, String text) throws IOException {
    if (framed) {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
  }
}
