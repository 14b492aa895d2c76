package io.cotidal.objects.placement;

import io.cotidal.model.MemberId;
import io.cotidal.objects.names.Timestamp;
import java.util.List;
import java.util.Map;

/** Whether a site that a container leaves may give its copy up. */
public sealed interface Withdrawal {
  /** It may: all new sites are proven to have the same. */
  record Allowed() implements Withdrawal {}

  /**
   * Not now.
   *
   * @param reason in one line
   */
  record Waits(String reason) implements Withdrawal {}

  /**
   * What a site was proven to hold.
   *
   * @param digest of its whole listing and of the container's state
   * @param begun when that reading began, by our clock
   */
  record Proof(String digest, Timestamp begun) {}

  /**
   * Decides it.
   *
   * @param leaving the site that is to give up its copy
   * @param staying the sites of the new rules
   * @param proofs of all of them; a missing one is not proven
   * @param closed since when, by our clock, nobody writes at the leaving site any more: what was
   *     read before may have been written to since
   */
  static Withdrawal of(
      MemberId leaving, List<MemberId> staying, Map<MemberId, Proof> proofs, Timestamp closed) {
    if (staying.isEmpty() || staying.contains(leaving)) {
      return new Waits(leaving + " is not left by the rules");
    }
    Proof own = proofs.get(leaving);
    if (own == null || closed.after(own.begun())) {
      return new Waits(leaving + " was not read since clients left it");
    }
    for (MemberId site : staying) {
      Proof there = proofs.get(site);
      if (there == null) {
        return new Waits(site + " is not proven yet");
      }
      if (closed.after(there.begun())) {
        return new Waits(site + " was not read since clients left " + leaving);
      }
      if (!there.digest().equals(own.digest())) {
        return new Waits(site + " does not hold the same as " + leaving + " yet");
      }
    }
    return new Allowed();
  }
}
