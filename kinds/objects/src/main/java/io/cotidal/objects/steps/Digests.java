package io.cotidal.objects.steps;

import io.cotidal.model.MemberId;
import io.cotidal.objects.listing.ListingTrouble;
import io.cotidal.objects.listing.Rows;
import io.cotidal.objects.listing.Span;
import io.cotidal.objects.names.Encoded;
import io.cotidal.objects.names.ObjectRow;
import io.cotidal.objects.prove.Differences;
import io.cotidal.objects.prove.Digest;
import io.cotidal.objects.prove.Digesting;
import io.cotidal.objects.prove.Range;
import io.cotidal.objects.state.Look;
import io.cotidal.objects.swift.Capabilities;
import io.cotidal.objects.swift.Listing;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.remote.ActFailed;
import io.cotidal.remote.Deadline;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads the listings of one container to their end, and names what differs between two. */
final class Digests {
  private final Bench bench;
  private final Standing standing;
  private final Deadline deadline;

  Digests(Bench bench, Standing standing, Deadline deadline) {
    this.bench = bench;
    this.standing = standing;
    this.deadline = deadline;
  }

  private Rows rows(MemberId site, Span span) {
    Listing all = Listing.of(standing.name(), Capabilities.UNTOLD).within(span);
    boolean versions =
        standing.looks().get(site) instanceof Look.Seen seen && seen.state().versioned();
    return bench.swift(site).containers().rows(versions ? all.withVersions() : all);
  }

  /** All of it at one site. */
  Digest digest(MemberId site) throws ListingTrouble, InterruptedException {
    Digesting digesting = new Digesting();
    try (Rows rows = rows(site, Span.ALL)) {
      for (Optional<ObjectRow> row = rows.next(); row.isPresent(); row = rows.next()) {
        in(deadline);
        digesting.add(row.get());
      }
      return digesting.digest();
    } catch (ListingTrouble e) {
      throw checked(e);
    } catch (IllegalArgumentException e) {
      throw odd(e);
    }
  }

  private static void in(Deadline deadline) throws ListingTrouble {
    if (deadline.over()) {
      throw new ListingTrouble("there was no time to read all of it");
    }
  }

  private static ListingTrouble checked(ListingTrouble e) throws InterruptedException {
    if (e.getCause() instanceof SwiftTrouble cause && cause.why() == SwiftTrouble.Why.INTERRUPTED) {
      throw cause.interruption();
    }
    return e;
  }

  /**
   * Names of objects that are not the same at two sites, with what each has.
   *
   * @param most so many at most
   */
  SortedMap<String, Map<MemberId, String>> names(
      Map.Entry<MemberId, Digest> a, Map.Entry<MemberId, Digest> b, int most)
      throws ListingTrouble, InterruptedException {
    SortedMap<String, Map<MemberId, String>> all = new TreeMap<>(Encoded::compare);
    for (Range range : Differences.between(a.getValue(), b.getValue()).ranges()) {
      SortedMap<String, String> left = shown(a.getKey(), range);
      SortedMap<String, String> right = shown(b.getKey(), range);
      TreeSet<String> either = new TreeSet<>(Encoded::compare);
      either.addAll(left.keySet());
      either.addAll(right.keySet());
      for (String name : either) {
        String here = left.getOrDefault(name, "absent");
        String there = right.getOrDefault(name, "absent");
        if (!here.equals(there)) {
          Map<MemberId, String> both = new HashMap<>();
          both.put(a.getKey(), here);
          both.put(b.getKey(), there);
          all.put(name, both);
        }
        if (all.size() >= most) {
          return all;
        }
      }
    }
    return all;
  }

  private SortedMap<String, String> shown(MemberId site, Range range)
      throws ListingTrouble, InterruptedException {
    SortedMap<String, SortedSet<String>> all = new TreeMap<>(Encoded::compare);
    try (Rows rows = rows(site, Span.between(range.after(), ""))) {
      for (Optional<ObjectRow> row = rows.next();
          row.isPresent() && range.has(row.get().name());
          row = rows.next()) {
        in(deadline);
        ObjectRow one = row.get().anywhere();
        all.computeIfAbsent(one.name(), _ -> new TreeSet<>()).add(line(one));
      }
      return joined(all);
    } catch (ListingTrouble e) {
      throw checked(e);
    } catch (IllegalArgumentException e) {
      throw odd(e);
    }
  }

  /** What the digest is over, and nothing else: who reads it sees why two are not the same. */
  private static String line(ObjectRow row) {
    String version = row.version().isEmpty() ? "" : "version " + row.version() + " ";
    return version + row.written() + " " + (row.marker() ? "deleted" : row.hash());
  }

  private static SortedMap<String, String> joined(SortedMap<String, SortedSet<String>> all) {
    SortedMap<String, String> lines = new TreeMap<>(Encoded::compare);
    all.forEach((name, versions) -> lines.put(name, String.join(", ", versions)));
    return lines;
  }

  private static ListingTrouble odd(IllegalArgumentException e) {
    return new ListingTrouble("the listing cannot be used: " + ActFailed.line(e));
  }
}
