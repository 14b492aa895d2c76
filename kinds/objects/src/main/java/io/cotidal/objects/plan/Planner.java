package io.cotidal.objects.plan;

import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.MemberId;
import io.cotidal.model.Wanted;
import io.cotidal.objects.observe.ObjectsFacts;
import io.cotidal.objects.observe.ObjectsFacts.Difference;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Which containers are made equal next, those first that have been different for longest. */
final class Planner {
  /** So many are worked on at the same time; each moves many objects side by side. */
  private static final int AT_ONCE = 4;

  /** So many are proposed where nothing is done without asking. */
  private static final int SHOWN = 20;

  private final Picture picture;

  Planner(Picture picture) {
    this.picture = picture;
  }

  List<Wanted> plan() {
    Stream<Wanted> told = picture.untold().stream().map(Planner::announcing);
    return Stream.concat(told, converging().stream()).toList();
  }

  private static Wanted announcing(MemberId site) {
    return new Wanted(
        Announce.NAME,
        Details.of(Acts.SITE, site.name()),
        "the gateway of " + site + " has not been told yet which sites serve what",
        true);
  }

  private List<Wanted> converging() {
    Optional<ObjectsFacts.Namespace> seen = picture.namespace();
    if (seen.isEmpty() || !picture.skewed().isEmpty()) {
      return List.of();
    }
    long now = picture.state().now().micros();
    List<Difference> waiting =
        seen.get().differing().values().stream()
            .filter(difference -> !picture.worked(difference))
            .sorted(Comparator.comparingLong(Difference::sinceMicros))
            .toList();
    Stream<Wanted> asked = waiting.stream().filter(Difference::braked).map(Planner::deleting);
    long busy = seen.get().differing().values().stream().filter(picture::worked).count();
    Stream<Wanted> usual =
        waiting.stream()
            .filter(Planner::worthIt)
            .filter(difference -> !pauses(difference, now))
            .limit(Math.max(0, AT_ONCE - busy))
            .map(Planner::converging);
    return Stream.concat(Stream.concat(asked, withdrawals(seen.get())).limit(SHOWN), usual)
        .toList();
  }

  /** What lies where no rule names it may be given up there, if somebody says so. */
  private static Stream<Wanted> withdrawals(ObjectsFacts.Namespace seen) {
    return seen.leaving().values().stream()
        .filter(one -> one.stays().isEmpty())
        .map(Withdraw::wanted);
  }

  /** What only waits, for an approval or a gateway, has nothing that could be done before. */
  private static boolean worthIt(Difference difference) {
    if (!difference.waits().isEmpty()) {
      return difference.copies() > 0 || (difference.deletions() > 0 && !difference.braked());
    }
    return !difference.braked() || difference.state() || difference.copies() > 0;
  }

  private boolean pauses(Difference difference, long now) {
    Optional<Item> row = Rows.find(picture.state(), difference.account(), difference.container());
    return row.filter(each -> Rows.until(each, now) > now).isPresent();
  }

  private static Wanted converging(Difference difference) {
    return new Wanted(
        Converge.USUAL.name(),
        input(difference),
        "%s/%s: %s%d objects (%d bytes) to copy, %d to delete"
            .formatted(
                difference.account(),
                difference.container(),
                difference.state() ? "the container differs; " : "",
                difference.copies(),
                difference.bytes(),
                difference.braked() ? 0 : difference.deletions()),
        true);
  }

  private static Wanted deleting(Difference difference) {
    return new Wanted(
        Converge.DELETING.name(),
        input(difference).with(Acts.DELETIONS, difference.deletions()),
        "%s/%s: %d objects were deleted at one site, more than are deleted elsewhere unasked"
            .formatted(difference.account(), difference.container(), difference.deletions()),
        false);
  }

  private static Details input(Difference difference) {
    return Details.of(Acts.ACCOUNT, difference.account())
        .with(Acts.CONTAINER, difference.container());
  }

  /** When the next pause of a row ends, in microseconds of wall time. */
  static long due(Picture picture) {
    long now = picture.state().now().micros();
    return picture.state().items(Rows.CONTAINER).stream()
        .mapToLong(row -> Rows.until(row, now))
        .filter(until -> until > now)
        .min()
        .orElse(Long.MAX_VALUE);
  }
}
