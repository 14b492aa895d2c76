package io.cotidal.postgres.plan.cluster;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.Headroom;
import io.cotidal.postgres.observe.LogKeeping;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How much room members have left. A server that cannot extend a file refuses writes; one that
 * cannot make a segment of its log dies, and again each time that it is started.
 */
public final class DiskBoard {
  private final PostgresSpec spec;
  private final State<PgFacts> state;

  /** As of that state. */
  public DiskBoard(PostgresSpec spec, State<PgFacts> state) {
    this.spec = spec;
    this.state = state;
  }

  /** The diagnosis with what is to be said of disks. */
  public PgDiagnosis judged(PgDiagnosis found) {
    Optional<MemberId> primary = found.answering();
    if (primary.isEmpty()) {
      return found;
    }
    Out out = Out.of(state);
    List<String> troubles = new ArrayList<>();
    Details evidence = found.evidence();
    boolean urgent = found instanceof Troubled.LogPilesUp piles && piles.urgent();
    for (MemberId id : spec.members()) {
      MemberState<PgFacts> member = state.member(id);
      Headroom left = left(member);
      if (member == null || left == null || left == Headroom.AMPLE || out.has(id)) {
        continue;
      }
      boolean said = !id.equals(primary.get()) || found instanceof Troubled.LogPilesUp;
      troubles.add(sentence(member, left) + ": " + remedy(said ? null : log(member)));
      evidence = evidence.with("disk." + id.name(), amount(member.host().facts()));
      urgent |= left.compareTo(Headroom.LITTLE) > 0;
    }
    if (troubles.isEmpty()) {
      return found;
    }
    if (found instanceof Troubled troubled) {
      troubles.addAll(troubled.troubles());
    }
    return new Troubled.DiskFills(primary.get(), troubles, urgent, evidence);
  }

  private static String sentence(MemberState<PgFacts> member, Headroom left) {
    String which =
        "the disk of " + member.id() + " (" + member.host().facts().get(Acts.DISK_PLACE, "") + ") ";
    return switch (left) {
      case AMPLE -> which + "has room";
      case LITTLE -> which + "fills, " + amount(member.host().facts());
      case SHORT -> which + "is almost full, " + amount(member.host().facts());
      case NONE -> which + "is full, " + amount(member.host().facts());
    };
  }

  private static String amount(Details facts) {
    Optional<Long> free = facts.find(Acts.DISK_FREE).map(Long::valueOf);
    Optional<Long> total = facts.find(Acts.DISK_TOTAL).map(Long::valueOf);
    return free.isEmpty() || total.isEmpty()
        ? "how much is left is not known while it does not answer"
        : LogKeeping.amount(free.get()) + " of " + LogKeeping.amount(total.get()) + " left";
  }

  /** What to do about it. */
  private static String remedy(@Nullable LogKeeping log) {
    Optional<LogKeeping.Slot> most =
        log == null
            ? Optional.empty()
            : log.slots().stream()
                .filter(slot -> slot.bytes() > 2 * log.segment())
                .max(Comparator.comparingLong(LogKeeping.Slot::bytes));
    String room = "make room there, or give it more";
    if (most.isPresent()) {
      return room
          + "; the slot "
          + most.get().name()
          + " keeps "
          + LogKeeping.amount(most.get().bytes())
          + " of log there";
    }
    return log == null || log.archiver().waiting() < 2
        ? room
        : room
            + "; "
            + LogKeeping.amount(log.archiver().waiting() * log.segment())
            + " of log there waits for the archive";
  }

  private static @Nullable LogKeeping log(MemberState<PgFacts> member) {
    PgFacts facts = member.facts();
    return facts == null ? null : facts.log();
  }

  /** How much room a member has; null if that is not known. */
  private static @Nullable Headroom left(@Nullable MemberState<PgFacts> member) {
    return member == null
        ? null
        : member
            .host()
            .facts()
            .find(Acts.DISK)
            .map(word -> Headroom.valueOf(word.toUpperCase(Locale.ROOT)))
            .orElse(null);
  }

  /** Whether the member is known to have no room: then it must not become primary. */
  public static boolean full(@Nullable MemberState<PgFacts> member) {
    return left(member) == Headroom.NONE;
  }

  /** More columns of a member. */
  public Details columns(MemberId id) {
    MemberState<PgFacts> member = state.member(id);
    Headroom left = left(member);
    if (member == null || left == null) {
      boolean gated = spec.server(id).map(Server::gated).orElse(true);
      return Details.of(Acts.DISK, gated ? "not known" : "not known: it is reached by SQL alone");
    }
    Details facts = member.host().facts();
    Details columns = Details.of(Acts.DISK, left.word());
    for (String name : List.of(Acts.DISK_PLACE, Acts.DISK_FREE, Acts.DISK_TOTAL)) {
      columns = facts.has(name) ? columns.with(name, facts.need(name)) : columns;
    }
    return columns;
  }
}
