package io.cotidal.objects.mover;

import io.cotidal.objects.agree.Tally;
import io.cotidal.objects.compare.Key;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a pass has done so far. By its own thread. */
final class Account {
  private static final int SOME = 12;

  private final Set<Need> needs;
  private final Set<String> why = new LinkedHashSet<>();
  private long copied;
  private long bytes;
  private long deleted;
  private long overruled;
  private long left;

  /**
   * @param needs is filled by others
   */
  Account(Set<Need> needs) {
    this.needs = needs;
  }

  void add(Deed deed) {
    copied += deed.copied();
    bytes += deed.bytes();
    deleted += deed.deletedAt();
    overruled += deed.overruled();
    if (!deed.why().isEmpty()) {
      left++;
      deed.why().forEach(this::say);
    }
  }

  /** One line of what is left, and why. */
  void say(String line) {
    if (why.size() < SOME) {
      why.add(line);
    }
  }

  /** All of it. */
  PassReport report(Tally tally, boolean ended) {
    long held = tally.braked() ? tally.deferred() : 0;
    long undone = left + tally.open() + tally.future() + tally.waiting() + tally.behind();
    List<String> lines = new ArrayList<>(why);
    tally.failures().stream().filter(line -> !why.contains(line)).forEach(lines::add);
    said(tally, held).forEach(lines::add);
    boolean equal = ended && held + undone == 0 && tally.failures().isEmpty();
    return new PassReport(
        copied, bytes, deleted, overruled, held, undone, lines, sorted(), ended, equal);
  }

  private List<Need> sorted() {
    return needs.stream().sorted().toList();
  }

  /** What the comparison itself leaves. */
  static List<String> said(Tally tally, long held) {
    List<String> lines = new ArrayList<>();
    if (held > 0) {
      lines.add(held + " deletions are held, being too many: approve of them, or undo them");
    }
    if (tally.future() > 0) {
      lines.add(tally.future() + " were written later than now: is a clock wrong?");
    }
    if (tally.waiting() > 0) {
      lines.add(tally.waiting() + " wait for sites that cannot be read");
    }
    if (tally.behind() > 0) {
      lines.add(tally.behind() + " are not in a listing yet");
    }
    if (!lines.isEmpty() && !tally.some().isEmpty()) {
      lines.add("some of them: " + names(tally.some()));
    }
    return lines;
  }

  private static String names(List<Key> some) {
    return String.join(", ", some.stream().map(key -> "'" + key + "'").toList());
  }

  /** What was done before the pass had to stop. */
  PassReport stopped(List<String> reasons) {
    return new PassReport(
        copied, bytes, deleted, overruled, 0, left, reasons, sorted(), false, false);
  }

  /** A report of a pass that could not begin. */
  static PassReport none(List<String> why) {
    return new PassReport(0, 0, 0, 0, 0, 0, why, List.of(), false, false);
  }
}
