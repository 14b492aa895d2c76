package io.cotidal.gateway.relay;

import io.cotidal.gateway.answer.Telling.Reached;
import io.cotidal.model.MemberId;
import java.util.List;
import java.util.Set;

/**
 * What came of carrying a container.
 *
 * @param settled whether all its sites are the same
 * @param silent sites that could not be asked; if nothing else is missing, it waits for them
 * @param why something else is missing, a line each
 */
record Carried(boolean settled, Set<MemberId> silent, List<String> why) {
  /** Copies the collections. */
  Carried {
    silent = Set.copyOf(silent);
    why = List.copyOf(why);
  }

  /** Hears how far it has come. */
  interface Listener {
    void reached(Reached reached);
  }

  /** Nothing came of it, because of that site. */
  static Carried nothing(MemberId site, String reason) {
    return new Carried(false, Set.of(site), List.of(reason));
  }
}
