package io.cotidal.copies.observe;

import io.cotidal.copies.servers.ServerRuntime.Standing;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * One look at the host.
 *
 * @param method how the volume copies, for people
 * @param freeBytes room for more
 * @param totalBytes of the volume
 * @param spareMemoryBytes memory that a new server could have
 * @param processors of the host: so many servers start at a time
 * @param writable whether the volume takes writes
 * @param servers how the servers of this template stand, by the ids of their places
 * @param leftovers folders of this template that are older than a minute, by the ids of their
 *     places
 * @param dump what lies at the template's path, or what the cluster offers that it is taken from;
 *     empty if there is nothing, or nothing is configured
 * @param taken names in the folder of links that lead elsewhere than to this template's places;
 *     none if no links are kept
 */
public record CopiesFacts(
    String method,
    long freeBytes,
    long totalBytes,
    long spareMemoryBytes,
    int processors,
    boolean writable,
    SortedMap<String, Server> servers,
    SortedSet<String> leftovers,
    Optional<DumpSeen> dump,
    SortedSet<String> taken) {
  /**
   * A server.
   *
   * @param sessions how many connections it has, as the kernel counts them; 0 if it does not run
   * @param idleSinceMicros wall time since which it has had none; 0 if it has some
   */
  public record Server(Standing standing, int sessions, long idleSinceMicros) {}

  /**
   * A dump as the file system shows it, or a replica as its cluster shows it.
   *
   * @param path of the dump; the cluster's name, which begins with no slash
   * @param fingerprint of a dump size and time of change, of a replica its position: another one
   *     means other content
   */
  public record DumpSeen(String path, long bytes, String fingerprint) {}
}
