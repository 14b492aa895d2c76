package io.cotidal.objects.steps;

import io.cotidal.model.MemberId;
import io.cotidal.model.Secret;
import io.cotidal.objects.agree.Book;
import io.cotidal.objects.compare.Agreed;
import io.cotidal.objects.compare.AgreedSource;
import io.cotidal.objects.compare.Brake;
import io.cotidal.objects.compare.Unreadable;
import io.cotidal.objects.listing.ListingTrouble;
import io.cotidal.objects.listing.Rows;
import io.cotidal.objects.names.Encoded;
import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.spec.ObjectsSpec.Care;
import io.cotidal.objects.state.Agreed.Form;
import io.cotidal.objects.state.Contents;
import io.cotidal.objects.state.Look;
import io.cotidal.objects.swift.Capabilities;
import io.cotidal.objects.swift.Listing;
import io.cotidal.objects.swift.Swift;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.objects.swift.Writing;
import io.cotidal.remote.ActFailed;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Objects in a container that was deleted elsewhere: which of them were agreed on there and were
 * not written since, so that they go, too.
 */
final class Leftovers {
  private final Bench bench;
  private final Books books;

  /**
   * @param books how what is agreed of the objects is opened: by who only looks, so that nothing is
   *     touched
   */
  Leftovers(Bench bench, Books books) {
    this.bench = bench;
    this.books = books;
  }

  /** Opens the book of a container. */
  interface Books {
    /** The one in {@code folder}. */
    Book open(Path folder, String container, List<String> sites) throws IOException;
  }

  /**
   * What is in each copy of a container that was deleted somewhere; empty if it was deleted
   * nowhere. A copy that cannot be compared is missing.
   */
  Map<MemberId, Contents> contents(Standing standing, Deadline deadline)
      throws InterruptedException {
    Map<MemberId, Contents> all = new HashMap<>();
    List<MemberId> deleted = deleted(standing);
    if (deleted.isEmpty()) {
      return all;
    }
    for (MemberId site : standing.present()) {
      if (comparable(standing, site)) {
        Tally tally = new Tally();
        if (walked(standing, site, deleted, tally, deadline).isEmpty()) {
          all.put(site, new Contents(tally.stale, tally.fresh));
        }
      }
    }
    return all;
  }

  /**
   * Old versions have no agreement that could condemn them: such a copy stays until somebody has
   * emptied it.
   */
  private static boolean comparable(Standing standing, MemberId site) {
    return standing.looks().get(site) instanceof Look.Seen seen && !seen.state().versioned();
  }

  /** Whether a copy is missing in {@code contents} that could be compared another time. */
  boolean untold(Standing standing, Map<MemberId, Contents> contents) {
    return !deleted(standing).isEmpty()
        && standing.present().stream()
            .anyMatch(site -> comparable(standing, site) && !contents.containsKey(site));
  }

  private List<MemberId> deleted(Standing standing) {
    Optional<io.cotidal.objects.state.Agreed> agreed = bench.agreements().of(standing.name());
    if (agreed.isEmpty()) {
      return List.of();
    }
    boolean buried = agreed.get().form() instanceof Form.Tombstone;
    return standing.absent().stream().filter(site -> buried || agreed.get().had(site)).toList();
  }

  private static final class Tally implements Visitor {
    private long stale;
    private long fresh;

    @Override
    public void row(ObjectRow row, @Nullable Agreed condemned) {
      if (condemned == null) {
        fresh++;
      } else {
        stale++;
      }
    }
  }

  private interface Visitor {
    /** One object; null if it is to stay. */
    void row(ObjectRow row, @Nullable Agreed condemned) throws SwiftTrouble;
  }

  /** Meets listing and agreement; gives the reason if it could not come to the end. */
  private Optional<String> walked(
      Standing standing, MemberId site, List<MemberId> deleted, Visitor visitor, Deadline deadline)
      throws InterruptedException {
    List<String> names = standing.sites().stream().map(MemberId::name).toList();
    List<Integer> gone = deleted.stream().map(each -> names.indexOf(each.name())).toList();
    Swift swift = bench.swift(site);
    Listing listing = Listing.of(standing.name(), Capabilities.UNTOLD);
    try (Book book =
            books.open(
                Layout.book(bench.spec(), standing.name()), standing.name().toString(), names);
        AgreedSource agreed = book.rows();
        Rows rows = swift.containers().rows(listing)) {
      Agreed known = agreed.next();
      for (Optional<ObjectRow> row = rows.next(); row.isPresent(); row = rows.next()) {
        if (deadline.over()) {
          return Optional.of("there was no time to compare all of " + standing.name());
        }
        while (known != null && Encoded.compare(known.key().name(), row.get().name()) < 0) {
          known = agreed.next();
        }
        visitor.row(row.get(), condemned(known, row.get(), gone) ? known : null);
      }
      return Optional.empty();
    } catch (ListingTrouble e) {
      if (e.getCause() instanceof SwiftTrouble cause
          && cause.why() == SwiftTrouble.Why.INTERRUPTED) {
        throw cause.interruption();
      }
      return Optional.of(e.getMessage());
    } catch (SwiftTrouble e) {
      if (e.why() == SwiftTrouble.Why.INTERRUPTED) {
        throw e.interruption();
      }
      return Optional.of(e.getMessage());
    } catch (IOException | Unreadable e) {
      return Optional.of(ActFailed.line(e));
    }
  }

  /** Whether an object was known where it was deleted, and was not written since. */
  private static boolean condemned(@Nullable Agreed known, ObjectRow row, List<Integer> gone) {
    if (known == null || !known.key().name().equals(row.name())) {
      return false;
    }
    if (known.gone()) {
      return !row.written().after(known.written());
    }
    return known.is(row) && gone.stream().anyMatch(known::missed);
  }

  /**
   * What became of a drain.
   *
   * @param deleted objects that are gone now
   * @param held deletions that wait for somebody's word
   * @param why something is left, in one line; empty if nothing is
   */
  record Drained(long deleted, long held, String why) {}

  /**
   * Deletes the objects that go with their container. A later write anywhere wins over each of
   * these deletions.
   */
  Drained drain(Standing standing, MemberId site, long approved, Deadline deadline)
      throws InterruptedException {
    if (!(standing.looks().get(site) instanceof Look.Seen seen)
        || seen.state().syncKey().isEmpty()) {
      return new Drained(0, 0, standing.name() + " has no key at " + site + " yet");
    }
    List<MemberId> deleted = deleted(standing);
    Tally tally = new Tally();
    Optional<String> trouble = walked(standing, site, deleted, tally, deadline);
    if (trouble.isPresent()) {
      return new Drained(0, 0, trouble.get());
    }
    if (tally.fresh > 0) {
      return new Drained(0, 0, "somebody wrote to " + standing.name() + " at " + site);
    }
    Care care = bench.spec().care();
    // All of its objects go: no share of it is small.
    Brake brake = new Brake(care.deletes(), 0, approved);
    if (!brake.open(tally.stale, tally.stale)) {
      return new Drained(
          0,
          tally.stale,
          tally.stale
              + " objects would go with their container at "
              + site
              + ", more than go unasked: approve of it, or make it again elsewhere");
    }
    Secret key = seen.state().syncKey().orElseThrow();
    Killer killer = new Killer(standing, site, key, deadline);
    String why = walked(standing, site, deleted, killer, deadline).orElse("");
    return new Drained(killer.done, 0, why);
  }

  private final class Killer implements Visitor {
    private final Standing standing;
    private final MemberId site;
    private final Secret key;
    private final Deadline deadline;
    private long done;

    Killer(Standing standing, MemberId site, Secret key, Deadline deadline) {
      this.standing = standing;
      this.site = site;
      this.key = key;
      this.deadline = deadline;
    }

    @Override
    public void row(ObjectRow row, @Nullable Agreed condemned) throws SwiftTrouble {
      if (condemned != null) {
        Writing writing = Writing.of(standing.name(), row.name(), row.written().next(), key);
        switch (bench.swift(site).objects().delete(writing, deadline)) {
          case DONE -> done++;
          case OLDER, NOTHING_THERE -> {}
        }
      }
    }
  }

  /** What is to be seen of a drain that waits, for those who only look. */
  boolean braked(long deletions) {
    return !new Brake(bench.spec().care().deletes(), 0, 0).open(deletions, deletions);
  }

  /** All reasons in one line. */
  static String joined(List<String> why) {
    return String.join("; ", new ArrayList<>(why.stream().distinct().limit(4).toList()));
  }
}
