package io.cotidal.gateway.reading;

import io.cotidal.gateway.door.Answer;
import io.cotidal.gateway.door.Elsewhere.Next;
import io.cotidal.gateway.door.Field;
import io.cotidal.gateway.door.Head;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A large object on its way to a client, piece after piece. One call after the other. */
final class Joining {
  private static final int WHOLE = 200;
  private static final int SOME = 206;

  private final Part part;
  private final Deque<Piece> left;
  private boolean begun;
  private boolean taken;

  /**
   * What is given of it.
   *
   * @param pieces at least one
   */
  Joining(Part part, List<Piece> pieces) {
    this.part = part;
    this.left = new ArrayDeque<>(pieces);
  }

  /** Whether the client has been told of it. */
  boolean begun() {
    return begun;
  }

  /** Asks for the next piece, as it is kept. */
  Next ask(String site, Field token) {
    Piece piece = left.getFirst();
    List<Field> fields = new ArrayList<>();
    fields.add(new Field("If-Match", '"' + piece.hash() + '"'));
    if (!piece.all()) {
      long last = piece.from() + piece.bytes() - 1;
      fields.add(new Field("Range", "bytes=" + piece.from() + "-" + last));
    }
    fields.add(token);
    Next.Ask ask = new Next.Ask(site, new Head("GET", piece.spot().target(), fields));
    return begun ? ask : new Next.Join(part.answer(), part.bytes(), ask);
  }

  /**
   * Whether an answer is the piece that was asked for.
   *
   * @param plain whether it stands for nothing else
   */
  boolean takes(Answer answer, boolean plain) {
    taken = plain && answer.status() == (left.getFirst().all() ? WHOLE : SOME);
    begun |= taken;
    return taken;
  }

  /** Whether the piece that was asked for has come; it is not asked for again. */
  boolean came() {
    boolean came = taken;
    if (came) {
      left.remove();
      taken = false;
    }
    return came;
  }

  /** Whether all has come. */
  boolean over() {
    return left.isEmpty();
  }
}
