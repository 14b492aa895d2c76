package io.cotidal.postgres.spec;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a cluster's write-ahead log is archived, and when somebody is told that it is not.
 *
 * @param place how a segment gets there and back
 * @param restore whether replicas may fetch from it what the primary has no more
 * @param limit how long one segment may take
 * @param backlog how many bytes may wait before it is said
 * @param patience for how long segments may fail before it is said
 */
public record Archive(
    Place place, boolean restore, Duration limit, long backlog, Duration patience) {
  /** How long one segment may take if nobody says so. */
  public static final Duration LIMIT = Duration.ofMinutes(2);

  /** How much may wait if nobody says so: 1 GiB. */
  public static final long BACKLOG = 1L << 30;

  /** How long segments may fail if nobody says so. */
  public static final Duration PATIENCE = Duration.ofMinutes(1);

  /** With the usual limits. */
  public Archive(Place place) {
    this(place, true, LIMIT, BACKLOG, PATIENCE);
  }

  /** Where segments go. */
  public sealed interface Place {
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
