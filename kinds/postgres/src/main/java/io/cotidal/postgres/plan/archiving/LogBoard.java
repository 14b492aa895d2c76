package io.cotidal.postgres.plan.archiving;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Wanted;
import io.cotidal.postgres.observe.Level;
import io.cotidal.postgres.observe.LogKeeping;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.observe.SlotNames;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.PgDiagnosis;
import io.cotidal.postgres.plan.cluster.Troubled;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What becomes of the primary's log: what slots keep of it, and whether it is archived. */
public final class LogBoard {
  private final PostgresSpec spec;
  private final State<PgFacts> state;

  /** As of that state. */
  public LogBoard(PostgresSpec spec, State<PgFacts> state) {
    this.spec = spec;
    this.state = state;
  }

  /** The diagnosis with what is to be said of the log. */
  public PgDiagnosis judged(PgDiagnosis found) {
    Optional<MemberId> primary = found.answering();
    LogKeeping log = primary.map(this::log).orElse(null);
    if (primary.isEmpty() || log == null) {
      return found;
    }
    List<String> filling = new ArrayList<>();
    Details evidence = found.evidence();
    boolean tooMuch = false;
    for (LogKeeping.Slot slot : log.slots()) {
      if (slot.level() != Level.WELL) {
        filling.add(slotSentence(slot));
        evidence = evidence.with("slot." + slot.name(), amount(slot));
        tooMuch |= slot.level() == Level.TOO_MUCH;
      }
    }
    Optional<String> archiving = archiving(log.archiver());
    if (archiving.isPresent()) {
      filling.add(archiving.get());
      evidence = evidence.with("archive", waiting(log));
      tooMuch |= log.archiver().level() == Level.TOO_MUCH;
    }
    List<String> troubles = new ArrayList<>();
    if (found instanceof Troubled troubled) {
      troubles.addAll(troubled.troubles());
    }
    if (!filling.isEmpty()) {
      troubles.addAll(filling);
      return new Troubled.LogPilesUp(primary.get(), troubles, tooMuch, evidence);
    }
    Optional<String> idle = idle(primary.get(), log);
    if (idle.isEmpty()) {
      return found;
    }
    troubles.add(idle.get());
    return new Troubled.Degraded(primary.get(), troubles, evidence);
  }

  private String slotSentence(LogKeeping.Slot slot) {
    if (slot.status().equals("lost")) {
      return "the slot " + slot.name() + " was given up: whoever used it must be copied anew";
    }
    Optional<MemberId> member =
        spec.members().stream().filter(each -> SlotNames.of(each).equals(slot.name())).findFirst();
    String keeps =
        "the slot of "
            + member.map(MemberId::name).orElse(slot.name() + ", which is no member's,")
            + " keeps "
            + (slot.level() == Level.TOO_MUCH ? "far too much" : "much")
            + " log";
    return keeps
        + (member.isPresent()
            ? slot.active()
                ? ": it is behind"
                : ": bring " + member.get() + " back or take it out of the configuration"
            : ": drop it if nobody needs it");
  }

  private static String amount(LogKeeping.Slot slot) {
    return LogKeeping.amount(slot.bytes())
        + ", "
        + slot.status()
        + (slot.active() ? ", in use" : ", not in use");
  }

  private Optional<String> archiving(LogKeeping.Archiver archiver) {
    if (spec.practice().care().archive().isEmpty()) {
      return Optional.empty();
    }
    boolean stopped = ArchiveWish.of(spec, state.ledger()).filter(ArchiveWish::stopped).isPresent();
    return switch (archiver.trouble()) {
      case NONE -> Optional.empty();
      case FAILING ->
          Optional.of(
              (archiver.without().isEmpty() ? "the archive" : archiver.without())
                  + " does not take the log: the server's log says why");
      case BEHIND ->
          Optional.of(
              stopped
                  ? "the log piles up, for archiving is stopped: cot archive-start " + spec.id()
                  : "the log piles up, for "
                      + (archiver.without().isEmpty() ? "the archive" : archiver.without())
                      + " does not keep pace");
    };
  }

  private static String waiting(LogKeeping log) {
    LogKeeping.Archiver archiver = log.archiver();
    return archiver.waiting()
        + " files wait, "
        + LogKeeping.amount(archiver.waiting() * log.segment())
        + (archiver.newest().isEmpty() ? "" : "; the last one taken was " + archiver.newest())
        + (archiver.failed().isEmpty() ? "" : "; the last one refused was " + archiver.failed());
  }

  /** Why the primary archives nothing although it should, and though nothing fails. */
  private Optional<String> idle(MemberId primary, LogKeeping log) {
    Optional<ArchiveWish> wish = ArchiveWish.of(spec, state.ledger());
    if (wish.isEmpty()) {
      return Optional.empty();
    }
    if (spec.server(primary).filter(Server::gated).isEmpty()) {
      return log.archiver().on()
          ? Optional.empty()
          : Optional.of(
              primary
                  + " does not archive; it is reached by SQL alone, so its own people set that up");
    }
    if (log.archiver().mode().equals("pending")) {
      return Optional.of("archiving begins when " + primary + " is started anew");
    }
    return wish.get().stopped()
        ? Optional.of("archiving is stopped: cot archive-start " + spec.id())
        : Optional.empty();
  }

  /** What should be put right on members. */
  public List<Wanted> wanted(PgDiagnosis found) {
    Optional<MemberId> primary = found.answering();
    Optional<ArchiveWish> wish = ArchiveWish.of(spec, state.ledger());
    if (primary.isEmpty() || wish.isEmpty()) {
      return List.of();
    }
    List<Wanted> wanted = new ArrayList<>();
    for (Server server : spec.servers()) {
      MemberState<PgFacts> member = state.member(server.id());
      PgFacts facts = member == null ? null : member.facts();
      LogKeeping log = facts == null ? null : facts.log();
      if (facts == null || log == null || !log.fresh() || !server.gated()) {
        continue;
      }
      wish.get()
          .drift(server, facts, log, primary.get())
          .ifPresent(why -> wanted.add(ArchiveRepair.wanted(server.id(), primary.get(), why)));
    }
    return wanted;
  }

  /** More columns of a member. */
  public Details columns(MemberId member) {
    Details columns = Details.NONE;
    LogKeeping own = log(member);
    Optional<MemberId> primary = Ledger.of(state.ledger()).primary();
    if (primary.equals(Optional.of(member)) && own != null && own.archiver().on()) {
      LogKeeping.Archiver archiver = own.archiver();
      columns =
          columns
              .with("archived", archiver.newest().isEmpty() ? "nothing yet" : archiver.newest())
              .with("archive-backlog-bytes", archiver.waiting() * own.segment())
              .with("archive-failing", archiver.trouble() == LogKeeping.Trouble.FAILING ? 1 : 0);
    }
    LogKeeping log = primary.map(this::log).orElse(null);
    Optional<LogKeeping.Slot> slot =
        log == null ? Optional.empty() : log.slot(SlotNames.of(member));
    if (slot.isPresent()) {
      columns = columns.with("slot-bytes", slot.get().bytes()).with("slot", slot.get().status());
    }
    return columns;
  }

  private @Nullable LogKeeping log(MemberId id) {
    MemberState<PgFacts> member = state.member(id);
    PgFacts facts = member == null ? null : member.facts();
    return facts == null ? null : facts.log();
  }
}
