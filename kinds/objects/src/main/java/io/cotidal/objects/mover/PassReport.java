package io.cotidal.objects.mover;

import java.util.ArrayList;
import java.util.List;

/**
 * What a pass has done.
 *
 * @param copied objects that came to sites, or their metadata; each counted once for each site
 * @param bytes of objects that were sent for that
 * @param deleted objects that were deleted at sites; each counted once for each site
 * @param overruled writes and deletions that lost, and are in the ledger
 * @param held deletions that wait for an approval, being too many
 * @param left objects about which something is to be done still, as far as this pass has come
 * @param why some of what is left and the reasons, one line each
 * @param needs containers with the segments of large objects that cannot be copied without them
 * @param ended whether it came to the end of the container; if not, the next one goes on where it
 *     stopped
 * @param equal whether all sites have the same now, by what they said during the pass, which began
 *     at the first name
 */
public record PassReport(
    long copied,
    long bytes,
    long deleted,
    long overruled,
    long held,
    long left,
    List<String> why,
    List<Need> needs,
    boolean ended,
    boolean equal) {
  /** Copies the lists. */
  public PassReport {
    why = List.copyOf(why);
    needs = List.copyOf(needs);
  }

  /** That of a pass which saw nothing up to a name. What another one has left there is unknown. */
  PassReport half(String after) {
    List<String> lines = new ArrayList<>(why);
    lines.add("it began behind '" + after + "', where another one had stopped: one more sees all");
    return new PassReport(
        copied, bytes, deleted, overruled, held, left, lines, needs, ended, false);
  }
}
