package io.cotidal.postgres.plan.succession;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.Report;
import io.cotidal.model.Report.Line;
import io.cotidal.model.Report.Verdict;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Doctor;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.Out;
import io.cotidal.postgres.plan.cluster.Sentences;
import io.cotidal.postgres.plan.guarding.Guarding;
import io.cotidal.postgres.plan.logical.LogicalBoard;
import io.cotidal.postgres.plan.succession.Candidates.Position;
import io.cotidal.postgres.spec.Plugin.Hook;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What would happen if the primary died now and the others stayed as they are: the same rules by
 * which a failover chooses, asked beforehand.
 */
public final class Rehearsal {
  /** The line that says who would be promoted. */
  static final String CANDIDATE = "candidate";

  private final PostgresSpec spec;
  private final State<PgFacts> state;
  private final Ledger ledger;

  /** As of that state. */
  public Rehearsal(PostgresSpec spec, State<PgFacts> state) {
    this.spec = spec;
    this.state = state;
    this.ledger = Ledger.of(state.ledger());
  }

  /** Who would be promoted; empty if nobody would, or there is no primary. */
  Optional<MemberId> successor() {
    return ledger
        .primary()
        .map(this::likely)
        .filter(Candidates::enough)
        .flatMap(Candidates::best)
        .map(Position::member);
  }

  private Candidates likely(MemberId old) {
    return new Succession(
            spec, state, Run.begin(), new Succession.Plan(old, Optional.empty(), false, "", 0))
        .likely();
  }

  /** Who would follow the primary, how, and at what price. */
  public Report report() {
    Optional<MemberId> primary = ledger.primary();
    if (primary.isEmpty()) {
      String sentence = new Doctor(spec, state).diagnose().sentence();
      return new Report(sentence, List.of(new Line(CANDIDATE, Verdict.NO, sentence)));
    }
    MemberId old = primary.get();
    Candidates likely = likely(old);
    Optional<Position> best = likely.enough() ? likely.best() : Optional.empty();
    List<Line> lines = new ArrayList<>();
    lines.add(candidate(likely, best));
    lines.add(proof(old));
    lines.add(loss());
    lines.addAll(new LogicalBoard(spec, state).lines());
    lines.add(outage(old));
    lines.add(begins());
    lines.add(new Line("without-cotidal", Verdict.YES, new Guarding(spec, state).withoutUs()));
    return new Report(
        best.map(chosen -> "if " + old + " died now, " + chosen.member() + " would be promoted")
            .orElse("if " + old + " died now, nobody could be promoted"),
        lines);
  }

  private Line candidate(Candidates likely, Optional<Position> best) {
    Details reasons = Details.NONE;
    if (best.isPresent()) {
      reasons = likely.reasons(best.get());
      return new Line(CANDIDATE, Verdict.YES, likely.rule(), "", reasons);
    }
    for (MemberState<PgFacts> member : state.members().values()) {
      String why = Out.of(state).why(member.id());
      reasons =
          reasons.with(
              member.id().name(), why.isEmpty() ? Sentences.member(member, state.now()) : why);
    }
    String why = likely.enough() ? likely.barred().orElse("none is fit") : likely.shortage();
    return new Line(CANDIDATE, Verdict.NO, why, "bring more replicas back", reasons);
  }

  /** By what it would be proven that the old primary acknowledges nothing any more. */
  private Line proof(MemberId old) {
    boolean gated = spec.server(old).filter(Server::gated).isPresent();
    boolean plugin = !spec.practice().plugins(Hook.STONITH).isEmpty();
    List<String> ways = new ArrayList<>();
    if (gated) {
      ways.add("its processes killed and seen gone");
    }
    if (plugin) {
      ways.add("a plug-in's word");
    }
    if (ledger.k() > 0) {
      ways.add("the quorum, which leaves it nobody to confirm a commit");
    }
    if (new Guarding(spec, state).provesFor(old)) {
      ways.add("its guard, which ends it when nobody vouches for it");
    }
    return ways.isEmpty()
        ? new Line(
            "proof", Verdict.NO, "nothing could prove that " + old + " is gone: a person decides")
        : new Line("proof", Verdict.YES, "one of: " + String.join("; ", ways));
  }

  private Line loss() {
    String guarantee = new Guarantee(spec, state).sentence();
    Optional<String> risk = Bars.atRisk(spec, state);
    boolean none = ledger.k() > 0 && guarantee.startsWith("zero loss");
    return none
        ? new Line("loss", Verdict.YES, guarantee)
        : new Line("loss", Verdict.NO, guarantee + risk.map(bytes -> "; " + bytes).orElse(""));
  }

  private Line outage(MemberId old) {
    Outage outage = new Outage(spec, state);
    return new Line(
        "outage",
        Verdict.YES,
        "no writes for about "
            + outage.dead().toMillis()
            + " ms if its processes end, "
            + outage.silent(old).toMillis()
            + " ms if it falls silent"
            + outage
                .isolated()
                .map(time -> ", " + time.toMillis() + " ms if no replica hears it")
                .orElse(""),
        "",
        outage.figures(old));
  }

  private Line begins() {
    Optional<String> held = new Hold(spec, state).reason();
    if (spec.mode() == Mode.OBSERVE) {
      return new Line("begins", Verdict.NO, "mode observe never changes anything");
    }
    if (spec.mode() != Mode.MANAGE || !spec.failover().automatic()) {
      return new Line("begins", Verdict.NO, "nothing begins by itself: a person approves it");
    }
    if (state.pause().isPresent()) {
      return new Line("begins", Verdict.NO, "nothing begins by itself while it is paused");
    }
    return held.map(why -> new Line("begins", Verdict.NO, why))
        .orElseGet(() -> new Line("begins", Verdict.YES, "by itself"));
  }
}
