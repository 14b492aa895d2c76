package io.cotidal.postgres.plan.cluster;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * From observations to a diagnosis. Each member is a vantage point: our own looks, and every
 * replica's WAL receiver. A primary is only given up when both agree.
 */
public final class Doctor {
  private final PostgresSpec spec;
  private final State<PgFacts> state;
  private final Ledger ledger;
  private final Out out;
  private final Upstreams upstreams;

  /** As of that state. */
  public Doctor(PostgresSpec spec, State<PgFacts> state) {
    this.spec = spec;
    this.state = state;
    this.ledger = Ledger.of(state.ledger());
    this.out = Out.of(state, ledger);
    this.upstreams = new Upstreams(spec, state, ledger, out);
  }

  /** What operations have committed, as read for the diagnosis. */
  public Ledger ledger() {
    return ledger;
  }

  /** Who was taken out, as read for the diagnosis. */
  public Out out() {
    return out;
  }

  /** Who streams from whom, as read for the diagnosis. */
  public Upstreams upstreams() {
    return upstreams;
  }

  /** What is the matter. */
  public PgDiagnosis diagnose() {
    Optional<MemberId> primary = ledger.primary();
    if (primary.isEmpty()) {
      return withoutPrimary();
    }
    MemberState<PgFacts> member = state.member(primary.get());
    if (member == null) {
      return new PgDiagnosis.PrimaryUnclear(
          primary.get(), "it is not in the configuration any more", evidence());
    }
    Observation<PgFacts> latest = member.latest();
    return switch (latest) {
      case null -> new PgDiagnosis.NotLooked(evidence());
      case Observation.Seen<PgFacts> seen -> answering(member, seen.facts());
      case Observation.CannotTell<PgFacts> cannot ->
          new PgDiagnosis.PrimaryUnclear(member.id(), cannot.reason(), evidence());
      case Observation.Refused<PgFacts> refused -> failing(member, false);
      case Observation.Silent<PgFacts> silent -> failing(member, true);
    };
  }

  private PgDiagnosis withoutPrimary() {
    List<MemberId> writable = new ArrayList<>();
    List<MemberId> notEmpty = new ArrayList<>();
    for (MemberState<PgFacts> member : state.members().values()) {
      if (member.latest() == null) {
        return new PgDiagnosis.NotLooked(evidence());
      }
      PgFacts facts = member.facts();
      if (facts != null && !facts.recovering()) {
        writable.add(member.id());
      }
      boolean within = spec.server(member.id()).map(Server::gated).orElse(true);
      if (facts != null || (within && !member.host().facts().get(Acts.DATA, "").equals("absent"))) {
        notEmpty.add(member.id());
      }
    }
    Optional<PgDiagnosis> creating = creating(notEmpty);
    if (creating.isPresent()) {
      return creating.get();
    }
    if (notEmpty.isEmpty() && !state.members().isEmpty()) {
      return new PgDiagnosis.NotCreated(evidence());
    }
    if (writable.size() == 1) {
      return new PgDiagnosis.NotAdopted(writable.getFirst(), evidence());
    }
    MemberId first = state.members().firstKey();
    String reason =
        writable.isEmpty() ? "no member is primary" : "several are: " + Ledger.join(writable);
    return new PgDiagnosis.PrimaryUnclear(first, reason, evidence());
  }

  /**
   * A create that is under way explains its primary, however that looks, as long as every other
   * member is known to be empty: nothing is copied before there is a primary.
   */
  private Optional<PgDiagnosis> creating(List<MemberId> notEmpty) {
    return state
        .open()
        .filter(open ->
            (open.type().equals(Types.CREATE) || open.type().equals(Types.RESTORE))
                && open.state().underWay())
        .filter(open ->
            notEmpty.isEmpty()
                || notEmpty.equals(List.of(Inputs.member(open.input(), Inputs.PRIMARY))))
        .findFirst()
        .map(open ->
            new PgDiagnosis.Creating(
                Inputs.member(open.input(), Inputs.PRIMARY), open.id(), evidence()));
  }

  private PgDiagnosis answering(MemberState<PgFacts> primary, PgFacts facts) {
    if (facts.recovering()) {
      return demoted(primary.id());
    }
    List<MemberId> intruders = new ArrayList<>();
    List<String> troubles = new ArrayList<>();
    for (MemberState<PgFacts> member : state.members().values()) {
      if (member.id().equals(primary.id())) {
        continue;
      }
      PgFacts known = member.facts();
      Observation<PgFacts> latest = member.latest();
      if (latest == null) {
        return new PgDiagnosis.NotLooked(evidence());
      }
      if (known == null) {
        if (!out.explains(member.id())) {
          troubles.add(member.id() + " " + latest.sentence());
        }
      } else if (!known.recovering()) {
        intruders.add(member.id());
      } else if (out.has(member.id()) && !out.leaving().contains(member.id())) {
        troubles.add(member.id() + " runs although it is " + out.why(member.id()));
      } else if (!out.explains(member.id()) && !upstreams.streams(member.id(), primary.id())) {
        troubles.add(
            member.id()
                + upstreams
                    .sender(member.id())
                    .filter(from -> state.member(from) != null)
                    .map(from -> " streams from " + from + ", and that one not from ")
                    .orElse(" does not stream from ")
                + primary.id());
      }
    }
    if (!intruders.isEmpty()) {
      return new PgDiagnosis.TwoPrimaries(primary.id(), intruders, evidence());
    }
    return troubles.isEmpty()
        ? new PgDiagnosis.Healthy(primary.id(), resting())
        : new Troubled.Degraded(primary.id(), troubles, evidence());
  }

  /**
   * The last primary is a standby. A member that we have no doubt of and that is primary was made
   * so by somebody else.
   */
  private PgDiagnosis demoted(MemberId last) {
    for (MemberState<PgFacts> member : state.members().values()) {
      PgFacts facts = member.facts();
      if (facts != null && !facts.recovering() && !ledger.doubts().containsKey(member.id())) {
        return new PgDiagnosis.PrimaryUnclear(
            last,
            "it is a standby, and " + member.id() + " was promoted by somebody else",
            evidence());
      }
    }
    return new PgDiagnosis.NoPrimary(last, evidence());
  }

  private PgDiagnosis failing(MemberState<PgFacts> primary, boolean silent) {
    List<MemberId> streaming = new ArrayList<>();
    boolean anybody = false;
    boolean stale = false;
    Hearing hearing = new Hearing(spec, state);
    List<MemberId> unclear = new ArrayList<>();
    for (MemberState<PgFacts> member : state.members().values()) {
      PgFacts facts = member.facts();
      if (facts == null || member.id().equals(primary.id())) {
        continue;
      }
      anybody = true;
      switch (hearing.of(member, primary.id())) {
        case LIVES -> streaming.add(member.id());
        case STALE -> stale = true;
        case UNKNOWN -> unclear.add(member.id());
        case NOTHING -> {}
      }
    }
    boolean gone = primary.host().process() == Host.Process.GONE;
    if (!confirmed(primary, silent, gone)) {
      return new PgDiagnosis.PrimarySuspect(primary.id(), evidence());
    }
    if (!streaming.isEmpty()) {
      return gone
          ? new PgDiagnosis.PrimarySuspect(primary.id(), evidence())
          : new PgDiagnosis.ControlCutOff(primary.id(), streaming, evidence());
    }
    if (stale) {
      return new PgDiagnosis.PrimarySuspect(primary.id(), evidence());
    }
    if (!unclear.isEmpty() && !gone) {
      return new PgDiagnosis.PrimaryUnclear(
          primary.id(),
          Ledger.join(unclear)
              + " streams from a member that does not answer us: whether that one hears the primary"
              + " is not known",
          evidence());
    }
    if (!anybody) {
      return gone
          ? new PgDiagnosis.NoPrimary(primary.id(), evidence())
          : new PgDiagnosis.ControlBlind(primary.id(), evidence());
    }
    Details met = evidence().with("rule", rule(primary, silent, gone));
    return silent
        ? new PgDiagnosis.PrimarySilent(primary.id(), met)
        : new PgDiagnosis.PrimaryDead(primary.id(), met);
  }

  /** The rule that made the verdict final. */
  private String rule(MemberState<PgFacts> primary, boolean silent, boolean gone) {
    String looks =
        spec.failover().confirm() + " looks in a row fail, here " + primary.streak() + "; ";
    String lasting =
        silent
            ? "silent for " + spec.failover().silence().toMillis() + " ms"
            : gone ? "its process is gone" : "for (confirm - 1) ticks";
    return looks + lasting + "; no replica that answers streams from it";
  }

  private boolean confirmed(MemberState<PgFacts> primary, boolean silent, boolean gone) {
    if (primary.streak() < spec.failover().confirm()) {
      return false;
    }
    long now = state.now().nanos();
    if (silent) {
      long since = primary.known() == null ? primary.failingSince() : primary.knownAt();
      return now - since >= spec.failover().silence().toNanos();
    }
    return gone
        || primary.failingFor(now)
            >= spec.failover().tick().toNanos() * (spec.failover().confirm() - 1);
  }

  /** Who is out, and how. */
  private Details resting() {
    Details resting = Details.NONE;
    for (MemberId member : out.marks().keySet()) {
      resting =
          state.member(member) == null ? resting : resting.with(member.name(), out.why(member));
    }
    return resting;
  }

  /** Whether its receiver streams, and from that one. */
  public static boolean streamsFrom(PgFacts facts, MemberId primary) {
    PgFacts.Receiver receiver = facts.receiver();
    return receiver != null && receiver.streaming() && primary.equals(receiver.sender());
  }

  private Details evidence() {
    TreeMap<String, String> evidence = new TreeMap<>();
    for (MemberState<PgFacts> member : state.members().values()) {
      String why = out.why(member.id());
      evidence.put(
          member.id().name(),
          Sentences.member(member, state.now()) + (why.isEmpty() ? "" : "; " + why));
    }
    return new Details(evidence);
  }
}
