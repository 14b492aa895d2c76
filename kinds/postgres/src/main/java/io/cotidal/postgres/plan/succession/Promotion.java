package io.cotidal.postgres.plan.succession;

import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Step;
import io.cotidal.model.WhenUnknown;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.Out;
import io.cotidal.postgres.plan.succession.Candidates.Position;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.util.List;

/** The steps that make a chosen member primary, and what the ledger says of everybody then. */
final class Promotion {
  private static final String NOMINATE = "nominate";

  /**
   * For how long a promotion is looked at again while nobody can tell whether it took effect.
   * Nobody else is promoted meanwhile: both would have the same timeline number, and no server
   * could tell them apart.
   */
  private static final Duration CANNOT_TELL = Duration.ofHours(1);

  private final PostgresSpec spec;
  private final Ledger ledger;
  private final Succession.Plan plan;
  private final Out out;

  Promotion(PostgresSpec spec, Ledger ledger, Succession.Plan plan, Out out) {
    this.spec = spec;
    this.ledger = ledger;
    this.plan = plan;
    this.out = out;
  }

  /**
   * Those who may stream from the chosen one and were not cut off. They follow it on to its new
   * timeline at once, and confirm what it writes there if they are on its list.
   *
   * @param trusted those of them of whom there was no doubt before
   */
  record Attached(List<MemberId> all, List<MemberId> trusted) {
    private static final String ALL = "attached";
    private static final String TRUSTED = "trusted";

    /** By what is known now, before the nomination. */
    static Attached of(List<MemberId> all, Ledger ledger) {
      return new Attached(
          List.copyOf(all),
          all.stream().filter(member -> !ledger.doubts().containsKey(member)).toList());
    }

    /** As the nomination was made. */
    static Attached of(Details nomination) {
      return new Attached(
          Ledger.split(nomination.get(ALL, "")), Ledger.split(nomination.get(TRUSTED, "")));
    }

    private Details in(Details evidence) {
      return all.isEmpty()
          ? evidence
          : evidence.with(ALL, Ledger.join(all)).with(TRUSTED, Ledger.join(trusted));
    }
  }

  /**
   * Written before the promotion: if nobody hears of it again, it may have happened, and then
   * whoever streams from it has followed.
   *
   * @param ladder what was tried against the old primary, and which of it is the proof
   */
  Step nominate(MemberId chosen, Details ladder, Attached attached) {
    Details doubts = Ledger.doubt(chosen, Ledger.Doubt.NOMINATED);
    for (MemberId member : attached.all()) {
      if (!ledger.mustBeCopied(member)) {
        doubts = doubts.with(Ledger.doubt(member, Ledger.Doubt.DIVERGED));
      }
    }
    return Step.decision(
            nomination(chosen),
            "from here on " + chosen + " may have been promoted",
            attached.in(ladder))
        .writing(doubts);
  }

  /** The key of the step that nominates a member. */
  static String nomination(MemberId member) {
    return NOMINATE + " " + member;
  }

  /** Makes {@code successor} primary; {@code others} can follow it. */
  Step promote(Position successor, List<MemberId> others, Attached attached) {
    MemberId chosen = successor.member();
    List<MemberId> list = others;
    int k = ledger.k();
    if (k > 0 && !ledger.quorum().contains(chosen)) {
      // Should nobody hear of this promotion, its commits are looked for on the ledger's list.
      List<MemberId> listed = others.stream().filter(ledger.quorum()::contains).toList();
      list = listed.size() < k && ledger.quorum().size() >= k ? ledger.quorum() : listed;
    }
    if (list.size() < k) {
      list = spec.members().stream().filter(member -> !member.equals(chosen)).toList();
      // Who is out confirms nothing; without enough others it is better listed than nobody.
      List<MemberId> willing = list.stream().filter(member -> !out.has(member)).toList();
      list = willing.size() < k ? list : willing;
      // Nor does who could confirm before anybody knows that there is a new primary.
      List<MemberId> apart =
          list.stream().filter(member -> !attached.all().contains(member)).toList();
      list = apart.size() < k ? list : apart;
    }
    Details outcome =
        Ledger.primary(chosen, successor.timeline(), successor.position())
            .with(Ledger.quorum(list, k))
            .with(Ledger.trust(List.of(chosen)))
            .with(Ledger.trust(attached.trusted()))
            .with(Out.clear(List.of(chosen)))
            .with(doubts(successor, others));
    return Step.act(Acts.PROMOTE, chosen, "promote " + chosen)
        .with(Acts.QUORUM, Ledger.join(list))
        .with(Acts.K, k)
        .with(Acts.TIMELINE, successor.timeline())
        .whenUnknown(new WhenUnknown.RetryFor(CANNOT_TELL))
        .noReturn()
        .writing(outcome);
  }

  /**
   * Whose history may have parted from the successor's. A successor that never saw the old
   * primary's own timeline begins one of the same number, and then nobody who may have followed the
   * old one can be told apart.
   */
  private Details doubts(Position successor, List<MemberId> others) {
    Details doubts = Details.NONE;
    boolean sameNumber = successor.timeline() < ledger.timeline();
    for (MemberId member : spec.members()) {
      boolean old = member.equals(plan.old());
      if (member.equals(successor.member()) || (old && plan.behind() > 0)) {
        continue;
      }
      boolean known = others.contains(member) && !old;
      if (sameNumber && !known) {
        boolean nominated = ledger.doubts().get(member) == Ledger.Doubt.NOMINATED;
        Ledger.Doubt doubt = nominated ? Ledger.Doubt.NOMINATED : Ledger.Doubt.DIVERGED;
        doubts = doubts.with(Ledger.doubt(member, doubt));
      } else if (old && !ledger.mustBeCopied(member)) {
        doubts = doubts.with(Ledger.doubt(member, Ledger.Doubt.FORMER));
      }
    }
    return doubts;
  }
}
