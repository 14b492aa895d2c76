package io.cotidal.objects.mover;

import io.cotidal.objects.compare.SiteSet;
import io.cotidal.objects.compare.Verdict;
import io.cotidal.objects.compare.Verdict.Loser;
import io.cotidal.objects.ledger.Entry;
import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.spec.ObjectsSpec.Losers;
import io.cotidal.objects.swift.SwiftTrouble.Why;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** What is to be done before something is discarded. Thread-safe. */
final class Losing {
  /** So that what we add has room within Swift's 1,024 bytes. */
  private static final int LONGEST = 900;

  private final PassOrder order;
  private final List<Desk> desks;
  private final Carrier carrier;

  Losing(PassOrder order, List<Desk> desks, Carrier carrier) {
    this.order = order;
    this.desks = desks;
    this.carrier = carrier;
  }

  /** A ledger that cannot be written: nothing may be discarded. */
  static final class LedgerFailed extends Exception {
    private static final long serialVersionUID = 1L;

    LedgerFailed(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /**
   * Writes down what the deed is going to discard, and keeps it if it is to be kept.
   *
   * @param deleted sites that say themselves that they deleted the object
   * @param losers of the verdict
   */
  void before(Deed deed, SiteSet deleted, List<Loser> losers)
      throws LedgerFailed, SiteFailed, InterruptedException {
    Verdict verdict = deed.finding().verdict();
    Entry.About about =
        new Entry.About(
            order.container(), order.names(), deed.finding().key(), order.clock().instant());
    List<Entry> entries = Entry.of(about, verdict, deleted);
    try {
      order.ledger().append(entries);
    } catch (IOException e) {
      throw new LedgerFailed(e);
    }
    deed.overruled(entries.size());
    if (order.care().losers() == Losers.KEEP && deed.finding().key().version().isEmpty()) {
      for (Loser loser : losers) {
        if (loser.write().isPresent()) {
          keep(loser.write().get(), desks.get(loser.site()));
        }
      }
    }
  }

  /** Beside it, under a name of its own: the next pass takes it to the other sites. */
  private void keep(ObjectRow lost, Desk site) throws SiteFailed, InterruptedException {
    Origin origin =
        new Origin(
            order.container(),
            lost.name(),
            List.of(),
            Optional.of(lost.written()),
            lost.bytes(),
            List.of(site));
    String name = kept(lost, site.toString());
    Aim aim = new Aim(order.container(), name, lost.written(), false);
    try {
      carrier.carry(new Load(origin), site, aim, (manifest, source, target) -> {});
    } catch (SiteFailed e) {
      if (!e.was(Why.MISSING)) {
        throw e;
      }
      // Somebody deleted it meanwhile: nothing is lost by us.
    }
  }

  /** The same whenever it is asked for. */
  static String kept(ObjectRow lost, String site) {
    return cut(lost.name()) + ".lost-" + site + "-" + lost.written();
  }

  private static String cut(String name) {
    int length = 0;
    for (int at = 0; at < name.length(); at = name.offsetByCodePoints(at, 1)) {
      String letter = Character.toString(name.codePointAt(at));
      length += letter.getBytes(StandardCharsets.UTF_8).length;
      if (length > LONGEST) {
        return name.substring(0, at);
      }
    }
    return name;
  }
}
