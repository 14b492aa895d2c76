package io.cotidal.objects.mover;

import io.cotidal.objects.agree.Finding;
import io.cotidal.objects.compare.Outcome;
import java.util.ArrayList;
import java.util.List;

/** What was done about one finding. By one thread. */
final class Deed {
  private final Finding finding;
  private final List<String> why = new ArrayList<>(0);
  private Outcome outcome = Outcome.NOTHING;
  private long copied;
  private long bytes;
  private long deleted;
  private long overruled;

  Deed(Finding finding) {
    this.finding = finding;
  }

  Finding finding() {
    return finding;
  }

  Outcome outcome() {
    return outcome;
  }

  void outcome(Outcome known) {
    outcome = known;
  }

  void copied(long length) {
    copied++;
    bytes += length;
  }

  void deleted() {
    deleted++;
  }

  void overruled(int count) {
    overruled += count;
  }

  /** Something is left to do, for this reason. */
  void left(String reason) {
    why.add("'" + finding.key() + "': " + reason);
  }

  long copied() {
    return copied;
  }

  long bytes() {
    return bytes;
  }

  long deletedAt() {
    return deleted;
  }

  long overruled() {
    return overruled;
  }

  /** Why something is left to do; empty if nothing is. */
  List<String> why() {
    return why;
  }
}
