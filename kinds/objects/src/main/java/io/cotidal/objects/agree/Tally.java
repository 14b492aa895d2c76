package io.cotidal.objects.agree;

import io.cotidal.objects.compare.Key;
import io.cotidal.objects.compare.SiteSet;
import java.util.List;

/**
 * What a pass has met so far. After it was resumed, since then, but for {@code objects} and {@code
 * deferred}, which are of the whole pass.
 *
 * @param from names up to this one were met by a pass that was left; empty if this one began at the
 *     first name
 * @param objects that are at some site, or that were
 * @param equal names about which nothing was to be done
 * @param copies that were handed out, conflicts among them
 * @param conflicts that were handed out
 * @param bytes of the objects to copy, each counted once for each site that it comes to
 * @param deletions that were handed out
 * @param deferred deletions that wait for the end of the pass
 * @param braked whether they are held then, until somebody approves of so many
 * @param some of those that are held, or that nothing can be done about
 * @param future objects that were written later than now
 * @param waiting names whose latest object is at a site that cannot be read
 * @param behind names of which a listing shows less than its site has confirmed
 * @param confirmed findings that were settled with something to agree on
 * @param unconfirmed findings that were settled without
 * @param open findings that are not settled
 * @param known sites that could be read so far
 * @param failures of the others, one line each
 */
public record Tally(
    String from,
    long objects,
    long equal,
    long copies,
    long conflicts,
    long bytes,
    long deletions,
    long deferred,
    boolean braked,
    List<Key> some,
    long future,
    long waiting,
    long behind,
    long confirmed,
    long unconfirmed,
    int open,
    SiteSet known,
    List<String> failures) {
  /** Copies the lists. */
  public Tally {
    some = List.copyOf(some);
    failures = List.copyOf(failures);
  }

  /**
   * Whether the pass, if it is at its end, has found nothing to do and nothing unknown, from the
   * first name on. One that was resumed proves nothing.
   */
  public boolean equalEverywhere() {
    return from.isEmpty()
        && copies + deletions + deferred + future + waiting + behind == 0
        && failures.isEmpty();
  }
}
