package io.cotidal.postgres.plan.archiving;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.archive.Segments;
import io.cotidal.postgres.archive.Segments.Segment;
import io.cotidal.postgres.observe.LogKeeping;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.observe.SlotNames;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.spec.Archive;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What people ask of an archive, checked and completed. */
public final class ArchiveRequests {
  /** What an expiry is asked with: {@code 7d}, {@code 12h}, {@code 30m}. */
  static final String OLDER_THAN = "older-than";

  private static final Pattern AGE = Pattern.compile("([1-9][0-9]{0,5})([mhd])");

  private final PostgresSpec spec;
  private final State<PgFacts> state;

  /** As of that state. */
  public ArchiveRequests(PostgresSpec spec, State<PgFacts> state) {
    this.spec = spec;
    this.state = state;
  }

  /**
   * The input of that operation.
   *
   * @param primary one that answers
   */
  public Details prepare(String type, Details input, MemberId primary) {
    Archive archive =
        spec.practice()
            .care()
            .archive()
            .orElseThrow(() ->
                refuse(type, spec.id() + " has no archive: write archive into its configuration"));
    if (spec.server(primary).filter(Server::gated).isEmpty()) {
      throw refuse(
          type, primary + " is reached by SQL alone: its own people look after what it archives");
    }
    Details prepared = Details.of(Inputs.PRIMARY, primary);
    return type.equals(ArchiveExpire.NAME) ? expire(archive, input, prepared) : prepared;
  }

  private Details expire(Archive archive, Details input, Details prepared) {
    String age = input.get(OLDER_THAN, "");
    Matcher parts = AGE.matcher(age);
    boolean own = archive.ownRetention();
    for (Archive.Place place : archive.places()) {
      if (place instanceof Archive.Place.Commands commands && commands.expire().isEmpty()) {
        throw refuse(
            ArchiveExpire.NAME,
            "the configuration has no command for it: write archive.commands.expire");
      }
    }
    if (own && !age.isEmpty()) {
      throw refuse(
          ArchiveExpire.NAME,
          "pgBackRest goes by the retention in its own configuration: leave older-than out");
    }
    if (!own && !parts.matches()) {
      throw refuse(ArchiveExpire.NAME, "write older-than as 7d, 12h or 30m");
    }
    MemberId primary = Inputs.member(prepared, Inputs.PRIMARY);
    return prepared
        .with(ArchiveExpire.MINUTES, own ? 0 : minutes(parts))
        .with(ArchiveExpire.SEGMENT, segments(primary).size())
        .with(ArchiveExpire.NEEDED, needed(primary));
  }

  /** How the primary numbers its log. */
  Segments segments(MemberId primary) {
    return new Segments(known(primary).segment());
  }

  /**
   * The lowest segment that a member may still ask for.
   *
   * @throws IllegalArgumentException if nobody can tell
   */
  String needed(MemberId primary) {
    Segments segments = segments(primary);
    long lowest = segments.holding(needed(primary, known(primary)));
    return segments.name(new Segment(timeline(primary), lowest));
  }

  private LogKeeping known(MemberId primary) {
    LogKeeping log = log(primary);
    if (log == null) {
      throw refuse(
          ArchiveExpire.NAME, "what " + primary + " keeps of its log is not known now: try again");
    }
    return log;
  }

  private long timeline(MemberId primary) {
    MemberState<PgFacts> member = state.member(primary);
    PgFacts facts = member == null ? null : member.facts();
    return facts == null ? 1 : facts.timeline();
  }

  private static long minutes(Matcher age) {
    long number = Long.parseLong(age.group(1));
    return switch (age.group(2)) {
      case "m" -> number;
      case "h" -> number * 60;
      default -> number * 1440;
    };
  }

  /** The lowest byte position that a member may still ask for. */
  private long needed(MemberId primary, LogKeeping log) {
    long lowest = log.redo();
    for (LogKeeping.Slot slot : log.slots()) {
      lowest = slot.restart() > 0 ? Math.min(lowest, slot.restart()) : lowest;
    }
    for (Server server : spec.servers()) {
      MemberState<PgFacts> member = state.member(server.id());
      if (server.id().equals(primary) || member == null) {
        continue;
      }
      if (member.host().facts().get(Acts.DATA, "").equals("absent")) {
        continue;
      }
      LogKeeping own = log(server.id());
      boolean kept = log.slot(SlotNames.of(server.id())).filter(s -> s.restart() > 0).isPresent();
      if (own == null && !kept) {
        throw refuse(
            ArchiveExpire.NAME,
            "nobody knows what "
                + server.id()
                + " still needs: bring it back, or take it out of the configuration");
      }
      lowest = own == null ? lowest : Math.min(lowest, own.redo());
    }
    return lowest;
  }

  private @Nullable LogKeeping log(MemberId id) {
    MemberState<PgFacts> member = state.member(id);
    PgFacts facts = member == null ? null : member.facts();
    return facts == null ? null : facts.log();
  }

  private static IllegalArgumentException refuse(String action, String why) {
    return new IllegalArgumentException(action + ": " + why);
  }
}
