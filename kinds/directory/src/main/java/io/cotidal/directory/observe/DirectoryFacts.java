package io.cotidal.directory.observe;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one look told about a server.
 *
 * @param version the vendor's name and version
 * @param suffix whether the server holds the suffix at all
 * @param initialising whether the suffix is being filled now and answers no reads
 * @param entries how many there are below the suffix, itself counted, as far as it was counted: 0
 *     none, 1 the suffix alone; -1 if that was not asked, which it is only of a member whose vector
 *     names no other member
 * @param replica its replication settings; null if it has none
 * @param vector how far it has got
 * @param agreements to everybody, foreign ones too
 * @param cleanings tasks that the server still knows
 * @param machine identifies the state from which the server makes unique ids: two members with the
 *     same one are clones of one image; empty if it cannot be read
 * @param changelogSeconds for how long the server keeps changes for those who are away; 0 if it
 *     names no limit
 * @param skewMillis how far the server's clock is ahead of ours, within a second; read when the
 *     connection is made and every few minutes, for it costs an operation
 */
public record DirectoryFacts(
    String version,
    boolean suffix,
    boolean initialising,
    long entries,
    @Nullable Replica replica,
    Vector vector,
    List<Agreement> agreements,
    List<Cleaning> cleanings,
    String machine,
    long changelogSeconds,
    long skewMillis) {
  /** Copies the lists. */
  public DirectoryFacts {
    agreements = List.copyOf(agreements);
    cleanings = List.copyOf(cleanings);
  }
}
