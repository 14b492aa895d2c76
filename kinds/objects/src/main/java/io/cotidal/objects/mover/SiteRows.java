package io.cotidal.objects.mover;

import io.cotidal.objects.compare.RowSource;
import io.cotidal.objects.compare.Unreadable;
import io.cotidal.objects.listing.ListingTrouble;
import io.cotidal.objects.listing.Rows;
import io.cotidal.objects.listing.Span;
import io.cotidal.objects.names.Encoded;
import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.swift.Listing;
import io.cotidal.objects.swift.SwiftTrouble;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The listing of a container at one site for a comparison. One that breaks off is asked for again
 * from the last name that was whole.
 */
final class SiteRows implements RowSource {
  private final Desk site;
  private final Listing listing;
  private final Patience patience;
  private final Set<String> given = new HashSet<>();
  private String whole;
  private String current;
  private @Nullable Rows rows;
  private Patience.@Nullable Tries tries;

  /**
   * @param listing from where it is to begin
   */
  SiteRows(Desk site, Listing listing, Patience patience) {
    this.site = site;
    this.listing = listing;
    this.patience = patience;
    this.whole = listing.span().after();
    this.current = whole;
  }

  @Override
  public @Nullable ObjectRow next() throws Unreadable, InterruptedException {
    while (true) {
      if (site.deadline().over()) {
        throw new Stopped();
      }
      if (site.out().isPresent()) {
        throw new Unreadable(site.out().get());
      }
      try {
        Optional<ObjectRow> row = fresh();
        tries = null;
        return row.map(ObjectRow::named).orElse(null);
      } catch (ListingTrouble e) {
        close();
        again(e);
      }
    }
  }

  private Optional<ObjectRow> fresh() throws ListingTrouble {
    Optional<ObjectRow> row = rows().next();
    while (row.isPresent() && known(row.get())) {
      row = rows().next();
    }
    row.ifPresent(this::note);
    return row;
  }

  private Rows rows() {
    Rows open = rows;
    if (open == null) {
      Span span = listing.span();
      open =
          site.swift()
              .containers()
              .rows(listing.within(new Span(span.prefix(), whole, span.before())));
      rows = open;
    }
    return open;
  }

  private boolean known(ObjectRow row) {
    return !current.isEmpty()
        && (row.name().equals(current)
            ? given.contains(row.version())
            : Encoded.compare(row.name(), current) < 0);
  }

  private void note(ObjectRow row) {
    if (!row.name().equals(current)) {
      whole = current;
      current = row.name();
      given.clear();
    }
    given.add(row.version());
  }

  private void again(ListingTrouble trouble) throws Unreadable, InterruptedException {
    boolean passing = false;
    Optional<java.time.Duration> after = Optional.empty();
    if (trouble.getCause() instanceof SwiftTrouble cause) {
      if (cause.why() == SwiftTrouble.Why.INTERRUPTED) {
        Thread.interrupted();
        throw new InterruptedException(trouble.getMessage());
      }
      passing = cause.passing();
      after = cause.after();
    }
    Patience.Tries now = tries;
    if (now == null) {
      now = patience.tries();
      tries = now;
    }
    if (!passing || !now.pause(after, site.deadline())) {
      if (site.deadline().over()) {
        throw new Stopped();
      }
      throw new Unreadable(trouble.getMessage(), trouble);
    }
  }

  @Override
  public void close() {
    Rows open = rows;
    if (open != null) {
      open.close();
      rows = null;
    }
  }
}
