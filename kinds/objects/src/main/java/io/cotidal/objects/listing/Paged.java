package io.cotidal.objects.listing;

import io.cotidal.objects.names.Encoded;
import io.cotidal.objects.names.ObjectRow;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A listing over all of its pages. It ends with an empty page, and with nothing else: a short page
 * may have another one after it. A page that breaks is asked for again from its last row, so long
 * as rows come; a listing that does not go forward is refused.
 */
public final class Paged implements Rows {
  private final Pages pages;
  private Place place;
  private @Nullable Page page;
  private @Nullable ObjectRow last;
  private long rowsOfPage;
  private boolean latestSeen;
  private boolean over;

  /** From the beginning of {@code span}. */
  public Paged(Pages pages, Span span) {
    this.pages = pages;
    this.place = Place.before(span);
  }

  @Override
  public Optional<ObjectRow> next() throws ListingTrouble {
    while (!over) {
      Optional<ObjectRow> row = fromPage();
      if (row.isPresent()) {
        ObjectRow checked = checked(row.get());
        last = checked;
        place = Place.after(checked);
        rowsOfPage++;
        return Optional.of(checked);
      }
    }
    return Optional.empty();
  }

  /** A row of the page at hand; empty if the page is over. */
  private Optional<ObjectRow> fromPage() throws ListingTrouble {
    Page now = page;
    if (now == null) {
      now = new Page(pages.page(place));
      page = now;
      rowsOfPage = 0;
    }
    try {
      Optional<ObjectRow> row = now.next();
      if (row.isEmpty()) {
        over = rowsOfPage == 0;
        leave(now);
      }
      return row;
    } catch (IOException e) {
      leave(now);
      if (rowsOfPage == 0 || Thread.currentThread().isInterrupted()) {
        over = true;
        throw pages.broken(e);
      }
      return Optional.empty();
    } catch (ListingTrouble e) {
      over = true;
      leave(now);
      throw e;
    }
  }

  private void leave(Page left) {
    left.close();
    page = null;
  }

  /** Swift finds out anew on each page which version is the latest, and may err on the second. */
  private ObjectRow checked(ObjectRow row) throws ListingTrouble {
    int order = place.name().isEmpty() ? 1 : Encoded.compare(row.name(), place.name());
    boolean sameName = last != null && last.name().equals(row.name());
    boolean nextVersion =
        sameName && !row.version().isEmpty() && !row.version().equals(place.version());
    if (order < 0 || (order == 0 && !nextVersion)) {
      over = true;
      close();
      throw new ListingTrouble(
          "the listing does not go forward: something between us and the site leaves out its"
              + " marker");
    }
    boolean latest = row.latest() && !(sameName && latestSeen);
    latestSeen = latest || (sameName && latestSeen);
    return latest == row.latest()
        ? row
        : new ObjectRow(
            row.name(), row.written(), row.hash(), row.bytes(), row.version(), false, row.marker());
  }

  @Override
  public void close() {
    over = true;
    Page now = page;
    if (now != null) {
      leave(now);
    }
  }
}
