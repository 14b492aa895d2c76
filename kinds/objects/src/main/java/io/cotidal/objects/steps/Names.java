package io.cotidal.objects.steps;

import io.cotidal.model.MemberId;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.names.Encoded;
import io.cotidal.objects.swift.Swift;
import io.cotidal.objects.swift.SwiftTrouble;
import io.cotidal.remote.Deadline;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** The containers of an account at any site, each once, in Swift's order. One thread at a time. */
final class Names {
  private final Map<MemberId, Swift> sites;
  private final String account;
  private final Deadline deadline;
  private final Map<MemberId, String> unread;
  private final Deque<String> ready = new ArrayDeque<>();
  private String after = "";

  /**
   * @param unread is filled with sites that could not be read
   */
  Names(
      Map<MemberId, Swift> sites, String account, Map<MemberId, String> unread, Deadline deadline) {
    this.sites = sites;
    this.account = account;
    this.unread = unread;
    this.deadline = deadline;
  }

  /** The same, from behind a name on. To be called before the first one is asked for. */
  Names behind(String name) {
    after = name;
    return this;
  }

  /** The next one; empty after the last. */
  Optional<ContainerName> next() throws InterruptedException {
    if (ready.isEmpty()) {
      fill();
    }
    String name = ready.poll();
    if (name == null) {
      return Optional.empty();
    }
    after = name;
    return Optional.of(new ContainerName(account, name));
  }

  private void fill() throws InterruptedException {
    TreeSet<String> all = new TreeSet<>(Encoded::compare);
    TreeMap<String, MemberId> ends = new TreeMap<>(Encoded::compare);
    for (Swift site : sites.values()) {
      if (!unread.containsKey(site.member())) {
        NavigableSet<String> page = page(site);
        all.addAll(page);
        if (!page.isEmpty()) {
          ends.put(page.last(), site.member());
        }
      }
    }
    ready.addAll(ends.isEmpty() ? all : all.headSet(ends.firstKey(), true));
  }

  private NavigableSet<String> page(Swift site) throws InterruptedException {
    NavigableSet<String> names = new TreeSet<>(Encoded::compare);
    try {
      site.accounts().containers(account, after, deadline).stream()
          .map(row -> row.name())
          .forEach(names::add);
    } catch (SwiftTrouble e) {
      switch (e.why()) {
        case INTERRUPTED -> throw e.interruption();
        case MISSING -> {}
        case UNREACHABLE, REFUSED, CONFLICT, BUSY, REJECTED, BROKEN, SOURCE ->
            unread.put(site.member(), e.getMessage());
      }
    }
    return names;
  }
}
