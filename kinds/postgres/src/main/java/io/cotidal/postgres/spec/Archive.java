package io.cotidal.postgres.spec;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Where a cluster's write-ahead log is archived, and when somebody is told that it is not.
 *
 * @param place how a segment gets there and back
 * @param second a second repository, which gets every segment too; empty if there is one alone
 * @param restore whether replicas may fetch from it what the primary has no more
 * @param limit how long one segment may take
 * @param backlog how many bytes may wait before it is said
 * @param patience for how long segments may fail before it is said
 * @param backups how often base backups are taken by themselves; empty if only when asked for
 */
public record Archive(
    Place place,
    Optional<Place> second,
    boolean restore,
    Duration limit,
    long backlog,
    Duration patience,
    Optional<Backups> backups) {
  /** How long one segment may take if nobody says so. */
  public static final Duration LIMIT = Duration.ofMinutes(2);

  /** How much may wait if nobody says so: 1 GiB. */
  public static final long BACKLOG = 1L << 30;

  /** How long segments may fail if nobody says so. */
  public static final Duration PATIENCE = Duration.ofMinutes(1);

  /**
   * Base backups that are taken by themselves.
   *
   * @param every how long after the newest one the next is due
   * @param keep how many of them stay; at least one
   */
  public record Backups(Duration every, int keep) {}

  /** One repository, with the usual limits. */
  public Archive(Place place) {
    this(place, true, LIMIT, BACKLOG, PATIENCE);
  }

  /** One repository, without base backups. */
  public Archive(Place place, boolean restore, Duration limit, long backlog, Duration patience) {
    this(place, Optional.empty(), restore, limit, backlog, patience, Optional.empty());
  }

  /** This with a second repository. */
  public Archive and(Place other) {
    return new Archive(place, Optional.of(other), restore, limit, backlog, patience, backups);
  }

  /** This with base backups so often. */
  public Archive every(Backups other) {
    return new Archive(place, second, restore, limit, backlog, patience, Optional.of(other));
  }

  /** The repositories, in the order in which they are asked. */
  public List<Place> places() {
    return second.map(other -> List.of(place, other)).orElse(List.of(place));
  }

  /** Whether every repository decides itself what it keeps. */
  public boolean ownRetention() {
    return places().stream().allMatch(Place.PgBackRest.class::isInstance);
  }

  /** The numbers, from 1, of the repositories that take base backups. */
  public List<Integer> takers() {
    return IntStream.rangeClosed(1, places().size())
        .filter(each -> places().get(each - 1) instanceof Place.Folder)
        .boxed()
        .toList();
  }

  /** Where segments go. */
  public sealed interface Place {
    /** What people call it. */
    default String title() {
      return switch (this) {
        case Folder folder -> folder.folder().toString();
        case PgBackRest backRest -> "pgBackRest's stanza " + backRest.stanza();
        case Commands commands -> "what " + commands.push().getFirst() + " reaches";
      };
    }

    /**
     * A folder that every member's machine has under the same name.
     *
     * @param folder absolute
     */
    record Folder(Path folder) implements Place {}

    /**
     * A repository of pgBackRest.
     *
     * @param stanza its name for this cluster
     * @param configuration its configuration file; its own default if empty
     */
    record PgBackRest(String stanza, Optional<Path> configuration) implements Place {}

    /**
     * Whatever an operator's programs reach. In each word {@code %p} is the segment's path and
     * {@code %f} its name, {@code %%} a percent sign; a program is run as it stands, by no shell.
     *
     * @param push takes a segment away
     * @param fetch brings one; fails if there is none
     * @param list prints the names of all, a line each; empty if nobody can tell
     * @param expire removes what is older than {@code %f}; empty if somebody else does it
     * @param environment variables that the programs get; no secrets
     */
    record Commands(
        List<String> push,
        List<String> fetch,
        List<String> list,
        List<String> expire,
        SortedMap<String, String> environment)
        implements Place {
      /** Copies the collections. */
      public Commands {
        push = List.copyOf(push);
        fetch = List.copyOf(fetch);
        list = List.copyOf(list);
        expire = List.copyOf(expire);
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
      }
    }
  }
}
