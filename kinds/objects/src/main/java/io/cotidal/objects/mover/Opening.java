package io.cotidal.objects.mover;

import io.cotidal.objects.compare.RowSource;
import io.cotidal.objects.compare.SiteSet;
import io.cotidal.objects.compare.VersionOrder;
import io.cotidal.objects.listing.Span;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.swift.Capabilities;
import io.cotidal.objects.swift.ContainerHead;
import io.cotidal.objects.swift.Listing;
import io.cotidal.remote.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The first look at the sites of a container: who answers, and whether versions are kept. */
final class Opening {
  private static final Duration PAGE = Duration.ofSeconds(60);

  private final ContainerName container;
  private final List<Desk> desks = new ArrayList<>();
  private final List<Capabilities> able = new ArrayList<>();
  private final Patience patience;
  private SiteSet versioned = SiteSet.NONE;
  private SiteSet plain = SiteSet.NONE;
  private boolean archived;

  private Opening(PassOrder order, Patience patience, Deadline deadline) {
    this.container = order.container();
    this.patience = patience;
    for (int number = 0; number < order.sites().size(); number++) {
      desks.add(new Desk(number, order.sites().get(number), patience, deadline));
      able.add(Capabilities.UNTOLD);
    }
  }

  static Opening of(PassOrder order, Patience patience, Deadline deadline)
      throws InterruptedException {
    Opening opening = new Opening(order, patience, deadline);
    for (Desk desk : opening.desks) {
      opening.open(desk);
    }
    return opening;
  }

  private void open(Desk desk) throws InterruptedException {
    try {
      able.set(desk.number(), desk.call(each -> desk.swift().capabilities(each)));
      Optional<ContainerHead> head = desk.container(container);
      if (head.isEmpty()) {
        // Not there is not empty: nobody deleted what never was.
        desk.leave("site " + desk + ": " + container + " is not there: it has to be made first");
      } else if (head.get().versioned()) {
        versioned = versioned.with(desk.number());
      } else {
        plain = plain.with(desk.number());
        archived |= head.get().archived();
      }
    } catch (SiteFailed e) {
      desk.leave(e.getMessage());
    }
  }

  List<Desk> desks() {
    return desks;
  }

  /** Why nothing can be compared. */
  Optional<String> wrong() {
    if (!versioned.isEmpty() && !plain.isEmpty()) {
      return Optional.of(
          container
              + " keeps versions at site "
              + desks.get(versioned.first())
              + " and none at site "
              + desks.get(plain.first())
              + ": its state has to be made equal first");
    }
    return Optional.empty();
  }

  /** Why nothing can be given up: that takes every site, and a container without versions. */
  Optional<String> unfit() {
    if (!versioned.isEmpty() || archived) {
      return Optional.of(container + " keeps versions: such a copy is not given up");
    }
    return out().stream().findFirst();
  }

  /** The listings, in the order of sites. */
  List<RowSource> sources(String after) {
    List<RowSource> all = new ArrayList<>();
    for (Desk desk : desks) {
      Listing whole = Listing.of(container, able.get(desk.number()));
      Listing listing = new Listing(container, Span.between(after, ""), false, whole.page(), PAGE);
      all.add(
          versioned.isEmpty()
              ? new SiteRows(desk, listing, patience)
              : new VersionOrder(new SiteRows(desk, listing.withVersions(), patience)));
    }
    return all;
  }

  /** Why sites are asked nothing more, one line each. */
  List<String> out() {
    return desks.stream().flatMap(desk -> desk.out().stream()).toList();
  }
}
