package io.cotidal.objects.mover;

import java.util.List;

/**
 * How a container differs between its sites.
 *
 * @param objects that are at some site, or that were agreed on
 * @param copies that are to be made: objects that are missing or older somewhere
 * @param bytes of those, each counted once for each site that it is to come to
 * @param deletions objects that are to be deleted somewhere
 * @param held objects about which nothing can be done now: written later than now, or at a site
 *     that cannot be read
 * @param braked whether the deletions are so many that somebody has to approve of them
 * @param why sites that could not be read, and some names, one line each
 * @param ended whether it came to the end; if not, the numbers are of the part before
 * @param equal whether there is nothing to do, and nothing is unknown
 */
public record PassLook(
    long objects,
    long copies,
    long bytes,
    long deletions,
    long held,
    boolean braked,
    List<String> why,
    boolean ended,
    boolean equal) {
  /** Copies the list. */
  public PassLook {
    why = List.copyOf(why);
  }
}
