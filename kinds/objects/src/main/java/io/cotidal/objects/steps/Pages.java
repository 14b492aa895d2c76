package io.cotidal.objects.steps;

import io.cotidal.model.MemberId;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.Encoded;
import io.cotidal.objects.swift.ContainerRow;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.remote.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/** The containers of an account that are to be compared, a page after the other. */
final class Pages {
  private static final Duration EACH = Duration.ofSeconds(20);

  private final Bench bench;

  Pages(Bench bench) {
    this.bench = bench;
  }

  /**
   * Names behind {@code after} at any site, and those that were agreed on, up to where the pages of
   * all sites are whole; empty if there was no time.
   *
   * @param unread sites that are not asked; those that do not answer come to them
   */
  Optional<NavigableSet<String>> behind(
      String after, String account, Map<MemberId, String> unread, Deadline slice)
      throws InterruptedException {
    NavigableSet<String> all = new TreeSet<>(Encoded::compare);
    List<String> ends = new ArrayList<>();
    for (MemberId site : bench.sites().keySet()) {
      if (!unread.containsKey(site)) {
        List<String> names = names(site, account, after, unread, slice.atMost(EACH));
        if (slice.over()) {
          return Optional.empty();
        }
        all.addAll(names);
        if (!names.isEmpty()) {
          ends.add(names.getLast());
        }
      }
    }
    bench.agreements().names().stream()
        .filter(each -> each.account().equals(account))
        .map(ContainerName::container)
        .filter(each -> Encoded.compare(each, after) > 0)
        .forEach(all::add);
    Optional<String> end = ends.stream().min(Encoded::compare);
    return Optional.of(end.map(last -> all.headSet(last, true)).orElse(all));
  }

  private List<String> names(
      MemberId site, String account, String after, Map<MemberId, String> unread, Deadline deadline)
      throws InterruptedException {
    try {
      return bench.swift(site).accounts().containers(account, after, deadline).stream()
          .map(ContainerRow::name)
          .toList();
    } catch (SwiftTrouble e) {
      switch (e.why()) {
        case INTERRUPTED -> throw e.interruption();
        // An account that is not there yet has no containers; one that was lost is told apart when
        // its containers are looked for.
        case MISSING -> {}
        case UNREACHABLE, REFUSED, CONFLICT, BUSY, REJECTED, BROKEN, SOURCE ->
            unread.put(site, e.getMessage());
      }
      return List.of();
    }
  }
}
