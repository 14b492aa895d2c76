package io.cotidal.postgres.plan.archiving;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.model.Wanted;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Doctor;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Out;
import io.cotidal.postgres.plan.cluster.PgDiagnosis;
import io.cotidal.postgres.plan.cluster.Troubled;
import io.cotidal.postgres.spec.Archive;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** When a base backup is due, of whom it is taken, and what is said if there is none. */
public final class BackupBoard {
  private static final long MICROS = 1_000L;

  private final PostgresSpec spec;
  private final State<PgFacts> state;
  private final Optional<Archive> archive;

  /** As of that state. */
  public BackupBoard(PostgresSpec spec, State<PgFacts> state) {
    this.spec = spec;
    this.state = state;
    this.archive = spec.practice().care().archive().filter(found -> !found.takers().isEmpty());
  }

  /** The backup that is due, if one is. */
  public List<Wanted> wanted(PgDiagnosis found) {
    Optional<MemberId> primary = found.answering();
    Optional<Archive.Backups> backups = archive.flatMap(Archive::backups);
    boolean stopped = ArchiveWish.of(spec, state.ledger()).filter(ArchiveWish::stopped).isPresent();
    if (primary.isEmpty() || backups.isEmpty() || stopped || !due(backups.get().every())) {
      return List.of();
    }
    String why =
        newest()
            .map(at -> "the newest base backup is of " + at)
            .orElse("there is no base backup of it yet");
    return source(primary.get()).stream()
        .map(member -> new Wanted(BackUp.NAME, input(primary.get(), member), why, false))
        .toList();
  }

  private static Details input(MemberId primary, MemberId member) {
    return Details.of(Inputs.PRIMARY, primary).with(Inputs.MEMBER, member);
  }

  /** A clock that stepped back lets one be taken too soon, and none too late. */
  private boolean due(Duration every) {
    return age().map(age -> age.isNegative() || age.compareTo(every) >= 0).orElse(true);
  }

  private Optional<Duration> age() {
    return state
        .ledger()
        .find(BackUp.NEWEST)
        .map(ended -> Duration.of(state.now().micros() - Long.parseLong(ended), ChronoUnit.MICROS));
  }

  private Optional<Instant> newest() {
    return state
        .ledger()
        .find(BackUp.NEWEST)
        .map(ended -> Instant.ofEpochMilli(Long.parseLong(ended) / MICROS));
  }

  /** A replica that streams, so that the primary is left alone; else the primary. */
  private Optional<MemberId> source(MemberId primary) {
    return spec.servers().stream()
        .filter(Server::gated)
        .map(Server::id)
        .filter(member -> streams(member, primary))
        .findFirst()
        .or(() -> spec.server(primary).filter(Server::gated).map(Server::id));
  }

  private boolean streams(MemberId member, MemberId primary) {
    MemberState<PgFacts> known = state.member(member);
    PgFacts facts = known == null ? null : known.facts();
    return facts != null
        && facts.recovering()
        && Doctor.streamsFrom(facts, primary)
        && !Out.of(state).has(member);
  }

  /** The input of a backup that somebody asks for. */
  public Details prepare(Details input, MemberId primary) {
    if (archive.isEmpty()) {
      throw refuse(
          spec.practice().care().archive().isEmpty()
              ? spec.id() + " has no archive: write archive into its configuration"
              : "base backups are taken into folders; pgBackRest and other programs take their own");
    }
    Optional<MemberId> named = input.find(Inputs.MEMBER).map(MemberId::new);
    if (named.isPresent()) {
      if (spec.server(named.get()).filter(Server::gated).isEmpty()) {
        throw refuse(named.get() + " is no member with a gate");
      }
      if (!named.get().equals(primary) && !streams(named.get(), primary)) {
        throw refuse(named.get() + " does not stream from " + primary);
      }
      return input(primary, named.get());
    }
    return input(
        primary,
        source(primary)
            .orElseThrow(() -> refuse("no member with a gate is the primary or streams from it")));
  }

  /** The diagnosis with what is to be said of base backups. */
  public PgDiagnosis judged(PgDiagnosis found) {
    Optional<MemberId> primary = found.answering();
    Optional<String> trouble = trouble();
    if (primary.isEmpty() || trouble.isEmpty()) {
      return found;
    }
    Troubled troubled =
        found instanceof Troubled already
            ? already
            : new Troubled.Degraded(primary.get(), List.of(), found.evidence());
    return troubled.and("backups", trouble.get());
  }

  private Optional<String> trouble() {
    Optional<Duration> every = archive.flatMap(Archive::backups).map(Archive.Backups::every);
    Optional<Operation> last =
        state.recent().filter(past -> past.type().equals(BackUp.NAME)).findFirst();
    if (every.isEmpty()) {
      return Optional.empty();
    }
    boolean failed = last.filter(past -> past.state() == OperationState.FAILED).isPresent();
    boolean old = age().filter(age -> age.compareTo(every.get().multipliedBy(2)) > 0).isPresent();
    if (!failed && !old) {
      return Optional.empty();
    }
    return Optional.of(
        newest().map(at -> "the newest base backup is of " + at).orElse("there is no base backup")
            + (failed ? "; the last one failed: " + last.map(Operation::note).orElse("") : ""));
  }

  private static IllegalArgumentException refuse(String why) {
    return new IllegalArgumentException(BackUp.NAME + ": " + why);
  }
}
