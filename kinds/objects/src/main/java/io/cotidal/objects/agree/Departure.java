package io.cotidal.objects.agree;

import io.cotidal.objects.compare.Meeting;
import io.cotidal.objects.compare.Merge;
import io.cotidal.objects.compare.Parting;
import io.cotidal.objects.compare.RowSource;
import io.cotidal.objects.compare.SiteSet;
import io.cotidal.objects.compare.Unreadable;
import java.io.Closeable;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A walk over a container at a site that gives its copy up. {@link #next} says what may go; {@link
 * #turn} is called before it does, {@link #back} if it turns out that a client was there first. It
 * may be left at any moment: what is gone is not met again by the next one, and what was turned and
 * is still there goes then. Used by one thread; no pass of the same container at the same time.
 *
 * <p>From its beginning on the site counts as one that joins: should rules bring the container
 * back, nothing that the site refuses is taken for a client's deletion before it has everything
 * again.
 */
public final class Departure implements Closeable {
  private static final int SOME = 3;

  private final Book book;
  private final Merge merge;
  private final SiteSet placed;
  private final int leaving;
  private final Set<String> why = new LinkedHashSet<>();
  private long met;
  private long stays;
  private boolean ended;

  /**
   * Begins at the first name.
   *
   * @param book stays open when this is closed
   * @param sources the listing of each site from its first name, in the book's order of sites;
   *     closed with this
   * @param placed sites that are to have the container
   * @param leaving that which gives it up; none of {@code placed}
   */
  public Departure(Book book, List<RowSource> sources, SiteSet placed, int leaving)
      throws IOException {
    this.book = book;
    this.placed = placed;
    this.leaving = leaving;
    // What a pass has read so far may have been read where it is no longer.
    book.finish(book.joined().without(leaving));
    book.force();
    this.merge = new Merge(sources, book.rows(), "");
  }

  /**
   * The next one that may go.
   *
   * @return null at the end
   * @throws Unreadable if what was agreed on cannot be read
   */
  public Parting.@Nullable Goes next() throws Unreadable, InterruptedException {
    for (Meeting meeting = merge.next(); meeting != null; meeting = merge.next()) {
      Parting parting = Parting.of(meeting, placed, leaving);
      met += meeting.row(leaving) == null ? 0 : 1;
      switch (parting) {
        case Parting.Nothing _ -> {}
        case Parting.Stays no -> stays(meeting.key().name(), no.reason());
        case Parting.Goes goes -> {
          return goes;
        }
      }
    }
    ended = merge.known().holds(placed.with(leaving));
    if (!ended) {
      merge.failures().forEach(why::add);
    }
    return null;
  }

  /** Something stays there, for this reason. */
  public void stays(String name, String reason) {
    stays++;
    if (why.size() < SOME) {
      why.add("'" + name + "': " + reason);
    }
  }

  /**
   * From now on their absence at the site is no deletion; it is on the disk when this returns.
   * Nothing of them is deleted before.
   */
  public void turn(List<Parting.Goes> batch) throws IOException {
    for (Parting.Goes one : batch) {
      book.keep(one.turned());
    }
    book.force();
  }

  /**
   * A client was there first: what it did there counts.
   *
   * @param reason in one line
   */
  public void back(Parting.Goes one, String reason) throws IOException {
    book.keep(one.before());
    book.flush();
    stays(one.row().name(), reason);
  }

  /** How many objects the site has shown so far. */
  public long met() {
    return met;
  }

  /** How many stay. */
  public long staying() {
    return stays;
  }

  /** Some of the reasons why something stays, one line each. */
  public List<String> why() {
    return List.copyOf(why);
  }

  /** Whether it came to the end, and nothing stays. */
  public boolean whole() {
    return ended && stays == 0;
  }

  /** Lets go of the listings. */
  @Override
  public void close() throws IOException {
    merge.close();
  }
}
