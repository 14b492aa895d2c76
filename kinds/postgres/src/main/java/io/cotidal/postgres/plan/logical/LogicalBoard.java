package io.cotidal.postgres.plan.logical;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Report.Line;
import io.cotidal.model.Report.Verdict;
import io.cotidal.model.Wanted;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.LogicalSlots;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.observe.SlotNames;
import io.cotidal.postgres.plan.cluster.Doctor;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the primary's logical slots if another member is promoted. From PostgreSQL 17 on
 * standbys keep copies of those that are marked; here that is set up, and for each it is said
 * whether it survives, and if not, what its people have to do.
 */
public final class LogicalBoard {
  private final PostgresSpec spec;
  private final State<PgFacts> state;
  private final Ledger ledger;

  /** As of that state. */
  public LogicalBoard(PostgresSpec spec, State<PgFacts> state) {
    this.spec = spec;
    this.state = state;
    this.ledger = Ledger.of(state.ledger());
  }

  /** What is to be set up on members while {@code primary} is the one that answers. */
  public List<Wanted> wanted(MemberId primary) {
    PgFacts leader = facts(primary);
    if (leader == null || leader.recovering() || leader.version() < LogicalSlots.SINCE) {
      return List.of();
    }
    // What somebody else has set up stays as it is unless the configuration asks for it.
    if (!leader.logical().decodes() || !spec.practice().care().slots().logical()) {
      return List.of();
    }
    List<Wanted> wanted = new ArrayList<>();
    for (Server server : spec.servers()) {
      MemberId member = server.id();
      if (member.equals(primary)) {
        leader(member, leader).ifPresent(wanted::add);
      } else if (copies(server)) {
        standby(member, leader, primary).ifPresent(wanted::add);
      }
    }
    return wanted;
  }

  /**
   * Whether a member keeps copies while it is a standby. Who streams from another one cannot: a
   * standby has no slots to copy; and copies that are kept no more could not even be dropped.
   */
  private boolean copies(Server server) {
    return server.follows().isEmpty() && spec.practice().care().slots().logical();
  }

  private Optional<Wanted> leader(MemberId primary, PgFacts leader) {
    String awaited = Ledger.join(awaited(primary));
    boolean right =
        leader.logical().awaited().equals(slots(awaited(primary)))
            && !leader.logical().synchronises();
    return right
        ? Optional.empty()
        : Optional.of(
            LogicalRepair.wanted(
                primary,
                Details.of(Acts.AWAITED, awaited),
                awaited.isEmpty()
                    ? "its subscribers wait for nobody"
                    : "its subscribers shall not run ahead of " + awaited));
  }

  /** Who keeps copies and may succeed: for whom commits wait. */
  private List<MemberId> awaited(MemberId primary) {
    return ledger.quorum().stream()
        .filter(member -> !member.equals(primary))
        .filter(member -> spec.server(member).filter(this::copies).isPresent())
        .sorted()
        .toList();
  }

  private static String slots(List<MemberId> members) {
    return members.stream().map(SlotNames::of).sorted().collect(Collectors.joining(","));
  }

  private Optional<Wanted> standby(MemberId member, PgFacts leader, MemberId primary) {
    PgFacts facts = facts(member);
    if (facts == null
        || !facts.recovering()
        || !facts.logical().decodes()
        || !Doctor.streamsFrom(facts, primary)) {
      return Optional.empty();
    }
    LogicalSlots now = facts.logical();
    List<String> inTheWay =
        now.left().stream().filter(leader.logical().marked()::contains).toList();
    boolean right =
        now.synchronises() && now.feedback() && now.awaited().isEmpty() && inTheWay.isEmpty();
    return right
        ? Optional.empty()
        : Optional.of(
            LogicalRepair.wanted(
                member,
                Details.of(Acts.COPIES, true).with(Acts.DROP, String.join(",", inTheWay)),
                inTheWay.isEmpty()
                    ? "it shall keep copies of the primary's logical slots"
                    : "its old slots " + String.join(",", inTheWay) + " stand in the way"));
  }

  /** How many of the slots that should survive would not if the member were promoted. */
  public int lacking(MemberId member) {
    MemberState<PgFacts> known = state.member(member);
    PgFacts facts = known == null ? null : known.known();
    PgFacts leader = last();
    if (facts == null || leader == null) {
      return 0;
    }
    return (int)
        leader.logical().marked().stream().filter(name -> !facts.logical().keeps(name)).count();
  }

  /** What becomes of them, in a few words; empty if there are none. */
  public Optional<String> summary() {
    List<Line> lines = lines();
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    List<String> lost =
        lines.stream().filter(line -> line.verdict() != Verdict.YES).map(Line::sentence).toList();
    return Optional.of(
        lost.isEmpty()
            ? "logical slots survive a change of primary"
            : "of "
                + lines.size()
                + " logical slots "
                + lost.size()
                + " would not survive a change"
                + " of primary: "
                + String.join("; ", lost));
  }

  /** A line for each logical slot of the primary: whether it survives, and what is to be done. */
  public List<Line> lines() {
    PgFacts leader = last();
    if (leader == null) {
      return List.of();
    }
    return leader.logical().slots().stream().map(slot -> line(slot, leader)).toList();
  }

  private Line line(LogicalSlots.Slot slot, PgFacts leader) {
    String name = "logical slot " + slot.name();
    if (slot.lost()) {
      return new Line(
          name,
          Verdict.NO,
          slot.name() + " is lost already: the server has not kept what it needs",
          "make it anew and copy its tables again",
          Details.NONE);
    }
    if (leader.version() < LogicalSlots.SINCE) {
      return new Line(
          name,
          Verdict.NO,
          slot.name()
              + " does not survive: PostgreSQL "
              + leader.version() / 10_000
              + " keeps no copies of slots",
          "after a change of primary make it anew there and copy its tables again",
          Details.NONE);
    }
    if (!slot.failover()) {
      return new Line(
          name,
          Verdict.NO,
          slot.name() + " does not survive: it is not marked for failover",
          "make it with failover = true: ALTER SUBSCRIPTION … SET (failover = true)",
          Details.NONE);
    }
    if (!spec.practice().care().slots().logical()) {
      return new Line(
          name,
          Verdict.NO,
          slot.name() + " does not survive: no replica is asked to keep a copy",
          "write slots: {logical: true}, and let each member start anew",
          Details.NONE);
    }
    List<MemberId> having = new ArrayList<>();
    List<MemberId> lacking = new ArrayList<>();
    for (Server server : spec.servers()) {
      if (!ledger.primary().equals(Optional.of(server.id()))) {
        MemberState<PgFacts> member = state.member(server.id());
        PgFacts facts = member == null ? null : member.known();
        (facts != null && facts.logical().keeps(slot.name()) ? having : lacking).add(server.id());
      }
    }
    return copied(slot, having, lacking);
  }

  private static Line copied(
      LogicalSlots.Slot slot, List<MemberId> having, List<MemberId> lacking) {
    String name = "logical slot " + slot.name();
    if (having.isEmpty()) {
      return new Line(
          name,
          Verdict.NO,
          slot.name() + " would not survive now: no replica has a copy to go on from yet",
          "let its reader go on reading: a copy is good once the reader has passed where it began",
          Details.NONE);
    }
    return new Line(
        name,
        Verdict.YES,
        slot.name()
            + " survives: "
            + Ledger.join(having)
            + (having.size() == 1 ? " has a copy" : " have copies")
            + (lacking.isEmpty() ? "" : "; it would be lost if " + Ledger.join(lacking) + " led"),
        "",
        Details.NONE);
  }

  /** More columns of a member. */
  public Details columns(MemberId member) {
    PgFacts facts = facts(member);
    boolean leads = ledger.primary().equals(Optional.of(member));
    Details columns = Details.NONE;
    if (facts != null && spec.practice().care().slots().logical() && !facts.logical().decodes()) {
      columns = columns.with("logical", "not before its next start: wal_level");
    }
    if (facts != null && leads) {
      for (Line line : lines()) {
        columns = columns.with(line.subject(), line.sentence());
      }
    } else if (facts != null) {
      String copies =
          facts.logical().slots().stream()
              .filter(slot -> slot.synced() && !slot.lost())
              .map(LogicalSlots.Slot::name)
              .collect(Collectors.joining(","));
      columns = copies.isEmpty() ? columns : columns.with("copies of slots", copies);
    }
    return columns;
  }

  /** The primary as it was when it last answered. */
  private @Nullable PgFacts last() {
    return ledger
        .primary()
        .map(state::member)
        .map(MemberState::known)
        .filter(facts -> !facts.recovering())
        .orElse(null);
  }

  private @Nullable PgFacts facts(MemberId id) {
    MemberState<PgFacts> member = state.member(id);
    return member == null ? null : member.facts();
  }
}
