package io.cotidal.postgres.steps;

import io.cotidal.engine.ResourceView;
import io.cotidal.engine.snapshot.SnapshotSource.Offer;
import io.cotidal.model.Answers;
import io.cotidal.model.LinkView;
import io.cotidal.model.MemberId;
import io.cotidal.model.MemberView;
import io.cotidal.model.Mode;
import io.cotidal.model.OperationState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which replica data is taken of, by what the control plane shows of the cluster. */
final class ReplicaChoice {
  /** A replica that is further behind is not what its cluster is now. */
  private static final long FARTHEST = 64L << 20;

  private static final String NO_LAG = "does not tell its lag";

  private final ResourceView seen;

  ReplicaChoice(ResourceView seen) {
    this.seen = seen;
  }

  /** A replica that fits, or of each member why it does not. */
  Offer offer(Optional<MemberId> member) {
    if (seen.mode() != Mode.MANAGE) {
      return new Offer.Refused(
          seen.id()
              + " is in mode "
              + seen.mode().name().toLowerCase(Locale.ROOT)
              + ", which changes nothing on its servers: set mode: manage");
    }
    return passing().<Offer>map(Offer.Later::new).orElseGet(() -> fitting(member));
  }

  /** What stands in the way and goes by itself: a daemon that has just begun, or an operation. */
  private Optional<String> passing() {
    if (!seen.leading()) {
      return Optional.of("this daemon does not lead " + seen.id() + " yet");
    }
    return seen.operations().stream()
        .filter(open -> open.state().underWay() || open.state() == OperationState.ATTENTION)
        .map(open -> "operation " + open.id() + " is under way")
        .findFirst();
  }

  private Offer fitting(Optional<MemberId> member) {
    List<String> reasons = new ArrayList<>();
    boolean unknown = false;
    // Who is preferred as a primary comes first; it is left in peace if another one will do.
    for (MemberView each : seen.members().reversed()) {
      if (member.isPresent() && !member.get().equals(each.id())) {
        continue;
      }
      String unfit = unfit(each);
      if (unfit.isEmpty()) {
        String mark = each.facts().get("timeline", "") + "@" + each.facts().get("position", "");
        return new Offer.Ready(each.id(), each.facts().get("version", ""), mark);
      }
      // The lag is told by the primary, of which a new daemon may know nothing yet.
      unknown |= each.answers() == Answers.UNKNOWN || unfit.equals(NO_LAG);
      reasons.add(each.id() + " " + unfit);
    }
    if (reasons.isEmpty()) {
      return new Offer.Refused(
          seen.id() + " has no member " + member.map(MemberId::name).orElse(""));
    }
    String none = seen.id() + " has no replica to take data from: " + String.join(", ", reasons);
    return unknown ? new Offer.Later(none) : new Offer.Refused(none);
  }

  private String unfit(MemberView member) {
    if (!member.role().equals("replica")) {
      return "is " + (member.role().equals("primary") ? "the primary" : member.role());
    }
    if (member.answers() != Answers.YES) {
      return "does not answer";
    }
    Optional<LinkView> link =
        seen.links().stream()
            .filter(each -> each.to().equals(member.id()) && each.state().equals("streaming"))
            .findFirst();
    if (link.isEmpty()) {
      return "does not stream from the primary";
    }
    Long lag = link.get().lagBytes();
    if (lag == null || lag > FARTHEST) {
      return lag == null ? NO_LAG : "is " + (lag >> 20) + " MiB behind";
    }
    return "";
  }
}
