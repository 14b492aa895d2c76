package io.cotidal.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** Writes dumps of about a wanted size, as the engines' own tools write them. */
final class DumpWriter {
  /** A row that every dump holds. */
  static final long KNOWN = 1_000;

  private static final int ROW = 1_000;
  private static final int ROWS_A_STATEMENT = 500;
  private static final byte[] LETTERS =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _"
          .getBytes(StandardCharsets.US_ASCII);

  private DumpWriter() {}

  /** What stands in the known row. */
  static String known() {
    return new String(body(KNOWN), StandardCharsets.US_ASCII);
  }

  /** One table, and an index beside its key. */
  static void write(Path file, Engine engine, int megabytes) throws IOException {
    long rows = ((long) megabytes << 20) / ROW;
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      switch (engine) {
        case MARIADB -> {
          text(out, "CREATE TABLE entries (id INT PRIMARY KEY, body TEXT NOT NULL);\n");
          for (long id = 1; id <= rows; id++) {
            boolean first = id % ROWS_A_STATEMENT == 1;
            text(out, (first ? "INSERT INTO entries VALUES (" : ",(") + id + ",'");
            out.write(body(id));
            text(out, id % ROWS_A_STATEMENT == 0 || id == rows ? "');\n" : "')");
          }
        }
        case POSTGRES, POSTGRES_CLONE -> {
          text(out, "CREATE TABLE entries (id int, body text NOT NULL);\n");
          text(out, "COPY entries (id, body) FROM stdin;\n");
          for (long id = 1; id <= rows; id++) {
            text(out, id + "\t");
            out.write(body(id));
            text(out, "\n");
          }
          text(out, "\\.\nALTER TABLE entries ADD PRIMARY KEY (id);\n");
        }
      }
    }
  }

  private static byte[] body(long id) {
    SplittableRandom random = new SplittableRandom(id);
    byte[] body = new byte[ROW - 10];
    int at = 0;
    while (at < body.length) {
      long bits = random.nextLong();
      for (int i = 0; i < 10 && at < body.length; i++) {
        body[at++] = LETTERS[(int) (bits & 63)];
        bits >>>= 6;
      }
    }
    return body;
  }

  private static void text(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }
}
