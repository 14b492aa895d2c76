package io.cotidal.gateway.outbox;

import io.cotidal.gateway.request.Subject;
import io.cotidal.objects.names.Timestamp;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Lines as bytes. */
final class NoteCoding {
  private static final int BEGUN = 1;
  private static final int HELD = 2;
  private static final int WHOLE = 3;
  private static final int INTENDED = 4;
  private static final int ENDED = 5;
  private static final int KEPT = 6;
  private static final int CONVERGED = 7;

  private static final int UNASKED = 0;
  private static final int NOTHING = 1;
  private static final int KNOWN = 2;

  private NoteCoding() {}

  static void write(Note note, DataOutputStream out) throws IOException {
    switch (note) {
      case Note.Begun begun -> {
        out.writeByte(BEGUN);
        out.writeLong(begun.stamp().steps());
        out.writeLong(begun.next());
      }
      case Note.Held held -> {
        out.writeByte(HELD);
        subject(held.subject(), out);
        out.writeLong(held.since().steps());
        out.writeLong(held.stamp().steps());
        out.writeLong(held.version());
        footing(held.footing(), out);
      }
      case Note.Whole _ -> out.writeByte(WHOLE);
      case Note.Intended intended -> {
        out.writeByte(INTENDED);
        out.writeLong(intended.id());
        out.writeLong(intended.stamp().steps());
        subject(intended.subject(), out);
        text(intended.verb(), out);
        footing(intended.footing(), out);
      }
      case Note.Ended ended -> {
        out.writeByte(ENDED);
        out.writeLong(ended.id());
        out.writeBoolean(ended.done());
      }
      case Note.Kept kept -> {
        out.writeByte(KEPT);
        subject(kept.subject(), out);
        footing(kept.footing(), out);
      }
      case Note.Converged converged -> {
        out.writeByte(CONVERGED);
        subject(converged.subject(), out);
        out.writeLong(converged.version());
      }
    }
  }

  /**
   * Reads one.
   *
   * @throws IOException if it is none of this version
   */
  static Note read(DataInputStream in) throws IOException {
    int kind = in.readUnsignedByte();
    return switch (kind) {
      case BEGUN -> new Note.Begun(stamp(in), in.readLong());
      case HELD -> new Note.Held(subject(in), stamp(in), stamp(in), in.readLong(), footing(in));
      case WHOLE -> new Note.Whole();
      case INTENDED ->
          new Note.Intended(in.readLong(), stamp(in), subject(in), text(in), footing(in));
      case ENDED -> new Note.Ended(in.readLong(), in.readBoolean());
      case KEPT -> new Note.Kept(subject(in), footing(in));
      case CONVERGED -> new Note.Converged(subject(in), in.readLong());
      default -> throw new IOException("a line of kind " + kind + ", which is of another version");
    };
  }

  private static void footing(Footing footing, DataOutputStream out) throws IOException {
    switch (footing) {
      case Footing.Unasked _ -> out.writeByte(UNASKED);
      case Footing.Nothing _ -> out.writeByte(NOTHING);
      case Footing.Known known -> {
        out.writeByte(KNOWN);
        text(known.agreed(), out);
      }
    }
  }

  private static Footing footing(DataInputStream in) throws IOException {
    int kind = in.readUnsignedByte();
    return switch (kind) {
      case UNASKED -> new Footing.Unasked();
      case NOTHING -> new Footing.Nothing();
      case KNOWN -> new Footing.Known(text(in));
      default -> throw new IOException("what was known is of kind " + kind);
    };
  }

  private static void subject(Subject subject, DataOutputStream out) throws IOException {
    text(subject.account(), out);
    text(subject.box(), out);
  }

  private static Subject subject(DataInputStream in) throws IOException {
    return new Subject(text(in), text(in));
  }

  private static void text(String text, DataOutputStream out) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String text(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("a text of " + length + " bytes");
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  private static Timestamp stamp(DataInputStream in) throws IOException {
    long steps = in.readLong();
    if (steps < 0) {
      throw new IOException("a stamp of " + steps);
    }
    return new Timestamp(steps);
  }
}
