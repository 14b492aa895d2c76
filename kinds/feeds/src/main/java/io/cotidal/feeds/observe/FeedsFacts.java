package io.cotidal.feeds.observe;

import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What one look at one member of a replica gave. */
public sealed interface FeedsFacts {
  /**
   * The state repository.
   *
   * @param head the newest revision that was pulled
   * @param headSeconds when it was made, by its author's clock; for people only
   * @param applied the revision up to which everything is done; empty before the first
   * @param behind revisions between them
   * @param things what the newest revision says, by subject
   * @param excluded those of them that a filter does not take, with the clause that decided
   * @param troubles documents that could not be fetched at the last try, with the reason
   * @param trouble why the last pull failed; empty if it did not: what is said then is of the one
   *     before
   * @param unreadable files that are no jobs although they lie where jobs do, with the reason
   * @param unheard why reports wait instead of reaching the master; empty if none does
   */
  record Repository(
      String head,
      long headSeconds,
      Optional<String> applied,
      int behind,
      SortedMap<Subject, Thing> things,
      SortedMap<Subject, String> excluded,
      SortedMap<String, String> troubles,
      String trouble,
      List<String> unreadable,
      String unheard)
      implements FeedsFacts {
    /** Copies the collections. */
    public Repository {
      things = Collections.unmodifiableSortedMap(new TreeMap<>(things));
      excluded = Collections.unmodifiableSortedMap(new TreeMap<>(excluded));
      troubles = Collections.unmodifiableSortedMap(new TreeMap<>(troubles));
      unreadable = List.copyOf(unreadable);
    }

    /** The same, while no report waits. */
    public Repository(
        String head,
        long headSeconds,
        Optional<String> applied,
        int behind,
        SortedMap<Subject, Thing> things,
        SortedMap<Subject, String> excluded,
        SortedMap<String, String> troubles,
        String trouble,
        List<String> unreadable) {
      this(head, headSeconds, applied, behind, things, excluded, troubles, trouble, unreadable, "");
    }

    /** The same, while reports wait for that reason. */
    public Repository unheard(String reason) {
      return new Repository(
          head,
          headSeconds,
          applied,
          behind,
          things,
          excluded,
          troubles,
          trouble,
          unreadable,
          reason);
    }

    /**
     * The newest revision's time in UTC, as its author's clock says, if it is not applied; empty if
     * it is.
     */
    public String waiting() {
      boolean current = applied.filter(head::equals).isPresent();
      return current || headSeconds <= 0 ? "" : Instant.ofEpochSecond(headSeconds).toString();
    }
  }

  /**
   * The database.
   *
   * @param served what each view that Cotidal made serves, by {@code schema.table}
   * @param kept generations that no view serves, by {@code schema.table} and generation, with their
   *     digests; those that are being staged among them, with an empty digest
   * @param spare those of them that views read once, the one that was swapped in last first
   * @param schemas names of all that are there
   */
  record Database(
      SortedMap<String, Served> served,
      SortedMap<String, SortedMap<String, String>> kept,
      List<Spare> spare,
      SortedSet<String> schemas)
      implements FeedsFacts {
    /** Copies the collections. */
    public Database {
      schemas = Collections.unmodifiableSortedSet(new TreeSet<>(schemas));
      spare = List.copyOf(spare);
      served = Collections.unmodifiableSortedMap(new TreeMap<>(served));
      kept = Collections.unmodifiableSortedMap(new TreeMap<>(kept));
    }
  }

  /**
   * A generation that a view read once.
   *
   * @param table {@code schema.table} of the view
   * @param bytes on the disk, with its indexes
   */
  record Spare(String table, String generation, long bytes) {
    /** As acts name it: {@code schema.table/generation}. */
    public String place() {
      return table + "/" + generation;
    }
  }

  /**
   * What a view serves.
   *
   * @param generation for example {@code g17}
   * @param digest of the data, as the job that brought it said
   * @param rows how many there were when it was loaded
   */
  record Served(String generation, String digest, long rows) {}

  /**
   * A GeoServer.
   *
   * @param version as it says itself; empty if it does not
   * @param present keys of what is there: {@code layer/sites.parcels}, {@code
   *     store/remote.imagery}; rules always are
   * @param prints digests of the fields that we own, by the same keys, of those that this very look
   *     read one by one; what is as its job says may be left out
   */
  record GeoServer(String version, SortedSet<String> present, SortedMap<String, String> prints)
      implements FeedsFacts {
    /** Copies the collections. */
    public GeoServer {
      present = Collections.unmodifiableSortedSet(new TreeSet<>(present));
      prints = Collections.unmodifiableSortedMap(new TreeMap<>(prints));
    }
  }
}
