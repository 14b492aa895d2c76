package io.cotidal.objects.placement;

import io.cotidal.model.MemberId;
import io.cotidal.objects.names.ContainerName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What a change of the rules would move, found without moving anything. Copies come first; a site
 * that a container leaves keeps it until somebody says so ({@code withdraw}).
 *
 * @param containers those that move, by name
 * @param resting how many stay where they are
 */
public record Move(List<Of> containers, long resting) {
  /** Copies the list. */
  public Move {
    containers = List.copyOf(containers);
  }

  /**
   * One container's way.
   *
   * @param from the site that is read: one that keeps it, if there is one; empty if it is nowhere
   * @param copied what each new site is still to get
   * @param withdrawn what is deleted at each site that it leaves, if somebody says so
   */
  public record Of(
      ContainerName name,
      Optional<MemberId> from,
      SortedMap<MemberId, Amount> copied,
      SortedMap<MemberId, Amount> withdrawn) {
    /** Copies the maps. */
    public Of {
      copied = Collections.unmodifiableSortedMap(new TreeMap<>(copied));
      withdrawn = Collections.unmodifiableSortedMap(new TreeMap<>(withdrawn));
    }
  }

  /**
   * Looks at every container under both sets of rules.
   *
   * @param before those in force
   * @param after those that are thought of
   */
  public static Move between(Rules before, Rules after, Iterable<Stock> stocks) {
    List<Of> moving = new ArrayList<>();
    long resting = 0;
    for (Stock stock : stocks) {
      Optional<Of> way = way(before, after, stock);
      if (way.isPresent()) {
        moving.add(way.get());
      } else {
        resting++;
      }
    }
    moving.sort((a, b) -> a.name().compareTo(b.name()));
    return new Move(moving, resting);
  }

  private static Optional<Of> way(Rules before, Rules after, Stock stock) {
    List<MemberId> old = before.sites(stock.subject(), stock.whole());
    List<MemberId> next = after.sites(stock.subject(), stock.whole());
    TreeMap<MemberId, Amount> copied = new TreeMap<>();
    TreeMap<MemberId, Amount> withdrawn = new TreeMap<>();
    Amount all = stock.at().values().stream().reduce(Amount.NONE, Amount::most);
    for (MemberId site : next) {
      if (!old.contains(site)) {
        copied.put(site, all.beyond(stock.at().getOrDefault(site, Amount.NONE)));
      }
    }
    for (MemberId site : old) {
      if (!next.contains(site)) {
        withdrawn.put(site, stock.at().getOrDefault(site, Amount.NONE));
      }
    }
    return copied.isEmpty() && withdrawn.isEmpty()
        ? Optional.empty()
        : Optional.of(new Of(stock.subject().name(), source(stock, next, old), copied, withdrawn));
  }

  private static Optional<MemberId> source(Stock stock, List<MemberId> next, List<MemberId> old) {
    List<MemberId> order = new ArrayList<>(old.stream().filter(next::contains).toList());
    order.addAll(old);
    order.addAll(stock.at().keySet());
    return order.stream().filter(site -> stock.at().containsKey(site)).findFirst();
  }

  /** What is copied, to every site together. */
  public Amount copied() {
    return sum(Of::copied).values().stream().reduce(Amount.NONE, Amount::plus);
  }

  /** What is copied, by the site that gets it. */
  public SortedMap<MemberId, Amount> arriving() {
    return sum(Of::copied);
  }

  /** What is deleted in the end, by the site that loses it. */
  public SortedMap<MemberId, Amount> leaving() {
    return sum(Of::withdrawn);
  }

  /** The sites that have anything to do with it. */
  public SortedSet<MemberId> sites() {
    TreeSet<MemberId> sites = new TreeSet<>(arriving().keySet());
    sites.addAll(leaving().keySet());
    containers.forEach(each -> each.from().ifPresent(sites::add));
    return sites;
  }

  private SortedMap<MemberId, Amount> sum(Function<Of, SortedMap<MemberId, Amount>> part) {
    TreeMap<MemberId, Amount> sums = new TreeMap<>();
    containers.forEach(
        each -> part.apply(each).forEach((site, amount) -> sums.merge(site, amount, Amount::plus)));
    return sums;
  }
}
