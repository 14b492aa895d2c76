package io.cotidal.gateway.reading;

import io.cotidal.gateway.door.Field;
import java.util.List;

/** What an object that stands for others stands for, as far as its reader may see all of it. */
sealed interface Followed {
  /** A plain object. */
  record Plain(Spot spot) implements Followed {}

  /**
   * A large one.
   *
   * @param fields that say what it is, but for its length and the part that is given
   * @param etag of the whole, without quotes
   * @param pieces of which it is made, in order
   */
  record Whole(List<Field> fields, String etag, List<Piece> pieces) implements Followed {
    /** Copies the lists. */
    public Whole {
      fields = List.copyOf(fields);
      pieces = List.copyOf(pieces);
    }
  }
}
