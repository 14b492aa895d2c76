package io.cotidal.gateway.outbox;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Lines that go to the disk together: a mark, how many bytes they have, a checksum, the lines. All
 * of them are there, or none.
 *
 * @param end where it ends in its file
 */
record Batch(List<Note> notes, int end) {
  static final int HEAD = 12;

  private static final int MARK = 0xC071DA1B;

  /** Copies the list. */
  Batch {
    notes = List.copyOf(notes);
  }

  /** As bytes. */
  static ByteBuffer bytes(List<Note> notes) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(lines)) {
      for (Note note : notes) {
        NoteCoding.write(note, out);
      }
    } catch (IOException e) {
      throw new IllegalStateException("memory is written to without fail", e);
    }
    byte[] body = lines.toByteArray();
    ByteBuffer all = ByteBuffer.allocate(HEAD + body.length);
    all.putInt(MARK).putInt(body.length).putInt(checksum(body, 0, body.length)).put(body);
    return all.flip();
  }

  /** The one that begins there; empty if none does that is whole. */
  static Optional<Batch> at(byte[] file, int start) {
    int end = end(file, start);
    if (end < 0) {
      return Optional.empty();
    }
    List<Note> notes = new ArrayList<>();
    try (DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(file, start + HEAD, end - start - HEAD))) {
      while (in.available() > 0) {
        notes.add(NoteCoding.read(in));
      }
    } catch (IOException e) {
      // Its checksum is right: it is of another version, and whoever reads on must not guess.
      return Optional.empty();
    }
    return Optional.of(new Batch(notes, end));
  }

  /** Whether a whole one begins anywhere from there on. */
  static boolean follows(byte[] file, int from) {
    for (int start = from; start + HEAD <= file.length; start++) {
      if (end(file, start) >= 0) {
        return true;
      }
    }
    return false;
  }

  private static int end(byte[] file, int start) {
    if (file.length - start < HEAD) {
      return -1;
    }
    ByteBuffer head = ByteBuffer.wrap(file, start, HEAD);
    int mark = head.getInt();
    int length = head.getInt();
    int checksum = head.getInt();
    if (mark != MARK || length <= 0 || length > file.length - start - HEAD) {
      return -1;
    }
    return checksum(file, start + HEAD, length) == checksum ? start + HEAD + length : -1;
  }

  private static int checksum(byte[] bytes, int start, int length) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, start, length);
    return (int) sum.getValue();
  }
}
