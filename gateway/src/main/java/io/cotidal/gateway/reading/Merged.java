package io.cotidal.gateway.reading;

import io.cotidal.objects.names.Encoded;
import io.cotidal.objects.swift.AccountPage;
import io.cotidal.objects.swift.AccountPage.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * The list of an account over all sites.
 *
 * @param rows in Swift's order
 * @param containers how many there are, at least
 * @param objects in them, at least
 * @param bytes of them, at least
 */
record Merged(List<Row> rows, long containers, long objects, long bytes) {
  private static final Comparator<String> ORDER = Encoded::compare;

  /** Copies the list. */
  Merged {
    rows = List.copyOf(rows);
  }

  /**
   * Of pages that each hold the first lines of a site, as many as are asked for, or all.
   *
   * @param pages the own site's first, which says when a container was written
   */
  static Merged of(List<AccountPage> pages, Asked asked) {
    TreeMap<String, Row> all = new TreeMap<>(asked.reverse() ? ORDER.reversed() : ORDER);
    for (AccountPage page : pages) {
      page.rows().forEach(row -> all.merge(row.name(), row, Merged::both));
    }
    List<Row> rows = new ArrayList<>(all.values());
    boolean complete = asked.whole() && rows.size() < asked.limit();
    if (rows.size() > asked.limit()) {
      rows = rows.subList(0, asked.limit());
    }
    long containers = rows.size();
    long objects = rows.stream().mapToLong(Row::objects).sum();
    long bytes = rows.stream().mapToLong(Row::bytes).sum();
    if (!complete) {
      for (AccountPage page : pages) {
        containers = Math.max(containers, page.containers());
        objects = Math.max(objects, page.objects());
        bytes = Math.max(bytes, page.bytes());
      }
    }
    return new Merged(rows, containers, objects, bytes);
  }

  /** Of one name: a container that lies at both sites, or what several have in common. */
  private static Row both(Row one, Row other) {
    if (one.several() != other.several()) {
      return one.several() ? other : one;
    }
    return new Row(
        one.name(),
        one.several(),
        Math.max(one.objects(), other.objects()),
        Math.max(one.bytes(), other.bytes()),
        one.written());
  }
}
