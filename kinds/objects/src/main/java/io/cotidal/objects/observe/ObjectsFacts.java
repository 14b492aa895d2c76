package io.cotidal.objects.observe;

import io.cotidal.model.MemberId;
import io.cotidal.objects.spec.Site.Role;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What one look at one member of a namespace gave. */
public sealed interface ObjectsFacts {
  /**
   * A site.
   *
   * @param version of Swift, as it says itself; empty if it does not
   * @param policies its storage policies, the default one first
   * @param skewMillis how far its clock is ahead of ours
   * @param doubtMillis how wrong that may be, either way
   * @param notice what its gateway is told there
   */
  record Site(
      String version, List<String> policies, long skewMillis, long doubtMillis, Notice notice)
      implements ObjectsFacts {
    /** Copies the list. */
    public Site {
      policies = List.copyOf(policies);
    }

    /** How far its clock is off at least, in milliseconds; 0 if it may be right. */
    public long surelyOff() {
      return Math.max(0, Math.abs(skewMillis) - doubtMillis);
    }
  }

  /**
   * All sites side by side: how far a comparison of everything has come, and what it found.
   *
   * @param round how often everything was compared; 0 before the first time
   * @param completedMicros wall time at which that ended; 0 before the first time
   * @param containers how many there are at any site
   * @param objects in them, at the site that has most
   * @param bytes of those
   * @param differing those that are not the same everywhere, by account and container; at most so
   *     many as one look tells
   * @param more how many differ beside those
   * @param unread sites that could not be read for the comparison
   * @param roles what people made of sites, against the configuration
   * @param kept what gateways are to be told, as it stands in our folder
   * @param leaving those that lie where no rule names them any more, by account and container; they
   *     are the same everywhere
   */
  record Namespace(
      long round,
      long completedMicros,
      long containers,
      long objects,
      long bytes,
      SortedMap<String, Difference> differing,
      long more,
      SortedSet<MemberId> unread,
      SortedMap<MemberId, Role> roles,
      Notice kept,
      SortedMap<String, Leaving> leaving)
      implements ObjectsFacts {
    /** Copies the collections. */
    public Namespace {
      differing = Collections.unmodifiableSortedMap(new TreeMap<>(differing));
      unread = Collections.unmodifiableSortedSet(new TreeSet<>(unread));
      roles = Collections.unmodifiableSortedMap(new TreeMap<>(roles));
      leaving = Collections.unmodifiableSortedMap(new TreeMap<>(leaving));
    }

    /** How many containers differ. */
    public long differs() {
      return differing.size() + more;
    }
  }

  /**
   * A container at a site that its rules do not name.
   *
   * @param account where it is
   * @param container its name
   * @param site that it leaves, the first of them
   * @param objects there
   * @param bytes of those
   * @param stays why that copy cannot be given up; empty if it can
   */
  record Leaving(
      String account, String container, MemberId site, long objects, long bytes, String stays) {}

  /**
   * How a container differs between its sites.
   *
   * @param account where it is
   * @param container its name
   * @param state whether the container itself does: it is missing somewhere, or its metadata differ
   * @param copies objects that are missing or older somewhere
   * @param bytes of those
   * @param deletions objects that are to be deleted somewhere
   * @param braked whether those are so many that a person must say so
   * @param sinceMicros wall time at which it was seen first
   * @param waits why the container itself is left as it is for now; empty if it is not
   */
  record Difference(
      String account,
      String container,
      boolean state,
      long copies,
      long bytes,
      long deletions,
      boolean braked,
      long sinceMicros,
      String waits) {}
}
