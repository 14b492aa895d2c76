package io.cotidal.gateway.relay;

import io.cotidal.gateway.answer.Telling.Reached;
import io.cotidal.model.MemberId;
import io.cotidal.objects.swift.SwiftTrouble;
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

  /** Why a site has not done what it was asked, and what can be done about it, in one line. */
  static String reason(SwiftTrouble trouble) {
    String said = trouble.getMessage();
    return trouble.why() == SwiftTrouble.Why.REJECTED
        ? said + "; it is tried again: change it here to what that site takes, or its limits"
        : said;
  }

  /** Nothing came of it, because of that site. */
  static Carried nothing(MemberId site, String reason) {
    return new Carried(false, Set.of(site), List.of(reason));
  }
}
