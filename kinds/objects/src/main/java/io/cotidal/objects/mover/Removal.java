package io.cotidal.objects.mover;

import io.cotidal.objects.agree.Finding;
import io.cotidal.objects.compare.Agreed;
import io.cotidal.objects.compare.Key;
import io.cotidal.objects.compare.Parting;
import io.cotidal.objects.compare.SiteSet;
import io.cotidal.objects.compare.Verdict;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.names.Timestamp;
import io.cotidal.objects.swift.Applied;
import io.cotidal.objects.swift.Writing;
import java.util.List;
import java.util.Optional;

/** Deletes one object at a site that gives its copy up. Thread-safe. */
final class Removal {
  private final WithdrawOrder order;
  private final ContainerName container;
  private final List<Desk> desks;
  private final Carrier carrier;
  private final Parts parts;
  private final Losing losing;
  private final Sight sight;

  Removal(WithdrawOrder order, List<Desk> desks, Carrier carrier, Parts parts, Losing losing) {
    this.order = order;
    this.container = order.pass().container();
    this.desks = desks;
    this.carrier = carrier;
    this.parts = parts;
    this.losing = losing;
    this.sight = new Sight(container);
  }

  /** What the site says afterwards. */
  enum What {
    /** It is gone. */
    DONE,
    /** There was nothing, which a lost answer explains as well as a client does. */
    NOTHING,
    /** A client wrote or deleted it since it was looked at. */
    CHANGED,
    /** Nobody knows. */
    UNKNOWN
  }

  /**
   * How it ended.
   *
   * @param why in one line, unless it is done
   */
  record Gone(What what, String why) {}

  /** Why it may not be deleted, by what the sites themselves say; empty if it may. */
  String unsure(Parting.Goes one) throws InterruptedException {
    Agreed agreed = one.turned();
    ObjectRow row = one.row();
    try {
      Desk leaving = desks.get(order.leaving());
      if (!shows(leaving, row.name(), row.written(), row.hash())) {
        return "site " + leaving + " has another one than its listing shows, or none";
      }
      for (Desk desk : desks) {
        if (order.pass().sites().get(desk.number()).placed()
            && !shows(desk, row.name(), agreed.written(), agreed.hash())) {
          return "site " + desk + " has another one than its listing shows, or none";
        }
      }
      return "";
    } catch (SiteFailed e) {
      return e.getMessage();
    }
  }

  private boolean shows(Desk site, String name, Timestamp written, String hash)
      throws SiteFailed, InterruptedException {
    return sight.at(site, new Key(name, "")).filter(seen -> seen.is(written, hash)).isPresent();
  }

  /** Writes down what nobody has heard of and is lost with it. */
  void told(Parting.Goes one) throws Losing.LedgerFailed, InterruptedException {
    if (!one.losers().isEmpty()) {
      Verdict verdict =
          new Verdict.Delete(
              SiteSet.of(order.leaving()),
              one.stamp(),
              SiteSet.NONE,
              one.losers(),
              List.of(),
              false);
      Deed deed = new Deed(new Finding(0, new Key(one.row().name(), ""), verdict));
      try {
        losing.before(deed, SiteSet.NONE, one.losers());
      } catch (SiteFailed e) {
        throw new Losing.LedgerFailed(new java.io.IOException(e.getMessage(), e));
      }
    }
  }

  /** Deletes it. What is agreed on was turned before. */
  Gone delete(Parting.Goes one) throws InterruptedException {
    Desk site = desks.get(order.leaving());
    try {
      Writing writing = Writing.of(container, one.row().name(), one.stamp(), site.key(container));
      Applied applied = site.call(each -> site.swift().objects().delete(writing, each));
      return switch (applied) {
        case DONE -> new Gone(What.DONE, "");
        case NOTHING_THERE -> new Gone(What.NOTHING, "it was gone already");
        case OLDER -> new Gone(What.CHANGED, "it was written at " + site + " meanwhile");
      };
    } catch (SiteFailed e) {
      return new Gone(What.UNKNOWN, e.getMessage());
    }
  }

  /**
   * There was nothing to delete: asks the site whether that was our own deletion, by writing the
   * object there once more. A deletion of a client is later, and refuses it.
   *
   * @param before whose deletion met nothing
   * @param next what is agreed on by now
   */
  Gone asked(Parting.Goes before, Parting.Goes next) throws InterruptedException {
    Desk site = desks.get(order.leaving());
    String name = next.row().name();
    Agreed agreed = next.turned();
    List<Desk> sources =
        desks.stream().filter(desk -> order.pass().sites().get(desk.number()).placed()).toList();
    Origin origin =
        new Origin(
            container, name, List.of(), Optional.of(agreed.written()), agreed.bytes(), sources);
    try {
      Aim aim = new Aim(container, name, before.probe(), true);
      if (carrier.carry(new Load(origin), site, aim, parts).applied() == Applied.DONE) {
        Gone gone = delete(next);
        // It was there a moment ago: what takes it away now is our deletion, however it is
        // answered.
        return gone.what() == What.NOTHING ? new Gone(What.DONE, "") : gone;
      }
      return new Gone(What.CHANGED, "it was deleted at " + site + " meanwhile");
    } catch (SiteFailed e) {
      return e.exists()
          ? new Gone(What.CHANGED, "it was written at " + site + " meanwhile")
          : new Gone(What.UNKNOWN, e.getMessage());
    }
  }
}
