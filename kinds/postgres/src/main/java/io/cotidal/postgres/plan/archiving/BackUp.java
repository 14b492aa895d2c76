package io.cotidal.postgres.plan.archiving;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import io.cotidal.model.MemberId;
import io.cotidal.model.Moment;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.archive.Expiry;
import io.cotidal.postgres.archive.Inventory;
import io.cotidal.postgres.archive.Segments;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.spec.Archive;
import io.cotidal.postgres.spec.PostgresSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Take a base backup into each repository; then remove those that need not stay, and the log that
 * none of the rest needs. A repository that is dead keeps no other from having its own.
 */
public final class BackUp implements OperationType<PostgresSpec, PgFacts> {
  /** The name of the operation. */
  public static final String NAME = "backup";

  /** In the ledger: when the newest base backup ended, microseconds since 1970. */
  static final String NEWEST = "backup.ended";

  private static final String CALL = "name it";
  private static final int TRIES = 2;
  private static final Duration LONG = Duration.ofHours(24);
  private static final DateTimeFormatter ID =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Risk risk() {
    return Risk.SAFE;
  }

  @Override
  public List<Lock> locks(Details input) {
    return List.of(new Lock(ArchiveCheck.LOCK, true));
  }

  @Override
  public Duration deadline() {
    return Duration.ofDays(3);
  }

  @Override
  public Duration longestPause() {
    return Duration.ofMinutes(10);
  }

  @Override
  public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
    Optional<Archive> archive = spec.practice().care().archive();
    if (run.occasion() == Run.Occasion.CANCEL) {
      return Continuation.finished();
    }
    if (archive.isEmpty() || archive.get().takers().isEmpty()) {
      return new Continuation.Moot("there is no repository any more that takes base backups");
    }
    MemberId member = Inputs.member(input, Inputs.MEMBER);
    Step call = call(run, state.now());
    List<Step> steps = new ArrayList<>(List.of(call));
    for (int number : archive.get().takers()) {
      steps.add(take(archive.get(), member, call.arguments().need(Acts.ID), number));
    }
    List<Step> taken = steps.stream().skip(1).toList();
    if (archive.get().backups().isPresent()) {
      for (int number : archive.get().takers()) {
        steps.add(prune(archive.get(), member, number));
      }
    }
    List<Step> rest = chained(run, steps);
    if (!rest.isEmpty()) {
      return Continuation.rest(rest);
    }
    Optional<String> failed = failed(run, steps);
    // What was not taken must not have what is there removed.
    if (failed.isPresent() || taken.isEmpty()) {
      return new Continuation.GiveUp(failed.orElse("nothing was taken"));
    }
    return archive.get().backups().isPresent()
        ? expire(run, spec, state, Inputs.member(input, Inputs.PRIMARY))
        : Continuation.finished();
  }

  private static Step call(Run run, Moment now) {
    String id =
        run.evidence(CALL)
            .get(
                Acts.ID, ID.format(Instant.ofEpochSecond(Math.floorDiv(now.micros(), 1_000_000L))));
    return Step.decision(CALL, "call the base backup " + id, Details.of(Acts.ID, id));
  }

  private static Step take(Archive archive, MemberId member, String id, int number) {
    return Step.act(
            Acts.BACKUP,
            member,
            "back " + member + " up to " + archive.places().get(number - 1).title())
        .named(Acts.BACKUP + " " + number)
        .with(Acts.ID, id)
        .with(Acts.REPOSITORY, number)
        .within(LONG)
        .writing(Details.of(NEWEST, "@" + Acts.ENDED));
  }

  private static Step prune(Archive archive, MemberId member, int number) {
    int keep = archive.backups().map(Archive.Backups::keep).orElse(Integer.MAX_VALUE);
    return Step.act(
            Acts.PRUNE,
            member,
            "keep the newest "
                + keep
                + " base backups in "
                + archive.places().get(number - 1).title())
        .named(Acts.PRUNE + " " + number)
        .with(Acts.KEEP, keep)
        .with(Acts.REPOSITORY, number)
        .within(Duration.ofHours(1));
  }

  /** What is neither done nor has failed for good, one after the other. */
  private static List<Step> chained(Run run, List<Step> steps) {
    boolean takes = steps.stream().anyMatch(step -> lost(run, step, Acts.BACKUP));
    List<Step> rest = new ArrayList<>();
    for (Step step : steps) {
      boolean over = run.isDone(step.key()) || run.failures(step.key()) >= TRIES;
      if (over || (takes && step.act().equals(Acts.PRUNE))) {
        continue;
      }
      rest.add(rest.isEmpty() ? step.after(Set.of()) : step.after(rest.getLast()));
    }
    // After the last of them it is judged what has become of all.
    if (!rest.isEmpty()) {
      rest.add(rest.removeLast().thenDecide());
    }
    return rest;
  }

  private static boolean lost(Run run, Step step, String act) {
    return step.act().equals(act) && run.failures(step.key()) >= TRIES && !run.isDone(step.key());
  }

  private static Optional<String> failed(Run run, List<Step> steps) {
    List<String> reasons =
        steps.stream()
            .filter(step -> !run.isDone(step.key()) && run.failures(step.key()) >= TRIES)
            .map(step -> step.sentence() + ": " + run.problem(step.key()))
            .toList();
    return reasons.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", reasons));
  }

  /** The log before the oldest base backup that stays, as far as no member may ask for it. */
  private static Continuation expire(
      Run run, PostgresSpec spec, State<PgFacts> state, MemberId primary) {
    Step list =
        Step.act(Acts.ARCHIVE_LIST, primary, "list the archive from " + primary)
            .within(ArchiveCheck.LIST)
            .thenDecide();
    if (run.failures(list.key()) > 0 || run.failures(Acts.ARCHIVE_EXPIRE + " " + primary) > 0) {
      // The backup is taken; what stays too long goes after the next one.
      return Continuation.finished();
    }
    if (!run.isDone(list.key())) {
      return Continuation.rest(List.of(list));
    }
    Step expire = Step.act(Acts.ARCHIVE_EXPIRE, primary, "remove the log that none of them needs");
    if (run.isDone(expire.key())) {
      return Continuation.finished();
    }
    try {
      ArchiveRequests requests = new ArchiveRequests(spec, state);
      Segments segments = requests.segments(primary);
      Inventory inventory = Inventory.read(run.evidence(list.key()).get(Acts.LIST, ""), segments);
      String before =
          segments.name(
              Expiry.choose(inventory, segments.read(requests.needed(primary)), 0).before());
      return Continuation.rest(
          List.of(
              expire
                  .saying("remove the log before " + before + ", which none of them needs")
                  .with(Acts.BEFORE, before)
                  .with(Acts.MINUTES, 0)
                  .within(ArchiveCheck.LIST)));
    } catch (IllegalArgumentException e) {
      // Nobody knows what somebody still needs: it stays.
      return Continuation.finished();
    }
  }
}
