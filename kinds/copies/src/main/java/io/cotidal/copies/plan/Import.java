package io.cotidal.copies.plan;

import io.cotidal.copies.observe.CopiesFacts;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.engine.Continuation;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.engine.snapshot.ArchiveSource;
import io.cotidal.engine.snapshot.RecoveryTarget;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.ItemChange;
import io.cotidal.model.Lock;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Load a dump, the data of a replica, or what an archive holds, into a new generation, beside the
 * one in use, and let copies be made of it once it is whole. Nobody who works with the older one
 * notices.
 */
final class Import implements OperationType<CopiesSpec, CopiesFacts> {
  static final String NAME = "import";

  /** Input: wall time of the schedule that wanted it, in microseconds; absent if a person did. */
  static final String SCHEDULED = "scheduled";

  private static final String RESERVE = "reserve";
  private static final Duration PUBLISH = Duration.ofMinutes(1);
  private static final List<String> PROVENANCE =
      List.of(
          Acts.BYTES, Acts.HASH, Acts.ROWS, Acts.TABLES, Acts.MILLIS, Acts.VERSION, Acts.METHOD);

  /** What is known besides of data that was taken of a replica. */
  private static final List<String> ORIGIN =
      List.of(
          Acts.MEMBER,
          Acts.CLUSTER,
          Acts.TIMELINE,
          Acts.POSITION,
          Acts.TAKEN,
          Acts.TAKEN_BY,
          Acts.PAUSED,
          Acts.FINGERPRINT,
          Acts.CHECKS);

  /** What is known besides of data that was made out of an archive. */
  private static final List<String> PAST =
      List.of(
          Acts.CLUSTER,
          Acts.TIMELINE,
          Acts.POSITION,
          Acts.TAKEN_BY,
          Acts.BACKUP,
          Acts.REPOSITORY,
          Acts.VERIFIED,
          Acts.TO,
          Acts.SAID,
          Acts.LAST_COMMIT,
          Acts.CHECKS);

  /** Input: where a recovery ends, and from what it begins. */
  static final List<String> WISH =
      List.of(
          RecoveryTarget.TO_TIME,
          RecoveryTarget.TO_LSN,
          RecoveryTarget.TO_NAME,
          ArchiveSource.BACKUP,
          ArchiveSource.TIMELINE);

  private static final List<String> HANDED_ON =
      Stream.concat(
              Stream.of(Acts.FROM, Acts.ARCHIVE, Acts.DUMP, Acts.UPLOAD, Acts.HASH), WISH.stream())
          .toList();

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
    return List.of(new Lock("import", true));
  }

  @Override
  public Duration deadline() {
    return Duration.ofDays(2);
  }

  @Override
  public Duration longestPause() {
    return Duration.ofMinutes(30);
  }

  @Override
  public Continuation steps(Details input, Run run, CopiesSpec spec, State<CopiesFacts> state) {
    if (!run.isDone(RESERVE)) {
      return run.occasion() == Run.Occasion.CANCEL
          ? Continuation.finished()
          : begin(input, run, spec, state);
    }
    String id = run.evidence(RESERVE).need(Acts.ID);
    String name = run.evidence(RESERVE).need(Acts.GENERATION);
    Step load = load(input, spec, name, id);
    Step publish = publish(name, id);
    if (run.isDone(publish.key())) {
      return Continuation.finished();
    }
    Step removal = removal(run, state, name, id, load, publish);
    if (Changes.undoing(run, removal, load)) {
      return Changes.undo(run, removal, load, publish);
    }
    if (run.failures(publish.key()) > 2) {
      return Changes.undo(run, removal, publish);
    }
    return run.isDone(load.key())
        ? Continuation.rest(List.of(publish))
        : Continuation.rest(List.of(load, publish.after(load)));
  }

  /** The way back. It remembers why, and leaves the original's link to the older generation. */
  private static Step removal(
      Run run, State<CopiesFacts> state, String name, String id, Step... failed) {
    Step removal = Changes.remove(Shelf.GENERATION, name, id);
    Optional<Item> current = new Shelf(state).current();
    if (current.isPresent()) {
      removal = removal.with(Acts.INSTEAD, Shelf.id(current.get()));
    }
    String reason = Changes.reason(run, failed);
    // A value that begins with @ would stand for another one.
    return reason.isEmpty() ? removal : removal.writing(Details.of(Shelf.FAILURE, " " + reason));
  }

  private static Continuation begin(
      Details input, Run run, CopiesSpec spec, State<CopiesFacts> state) {
    String name = new Shelf(state).nextGeneration();
    String id = Shelf.place("g", run.operation(), state);
    Details facts =
        Details.of(Acts.DUMP, origin(input))
            .with(Acts.ID, id)
            .with(Acts.FINGERPRINT, input.get(Acts.FINGERPRINT, ""));
    if (input.has(Acts.UPLOAD)) {
      facts = facts.with(Acts.SENDER, input.need(Acts.SENDER));
    }
    Details ledger = Shelf.begun(name);
    String scheduled = input.get(SCHEDULED, "");
    Step reserve =
        Step.decision(RESERVE, "begin " + name, Details.of(Acts.ID, id).with(Acts.GENERATION, name))
            .writing(scheduled.isEmpty() ? ledger : ledger.with(Shelf.SCHEDULED, scheduled))
            .changing(new ItemChange.Put(Shelf.GENERATION, name, "", Shelf.CREATING, facts, 0));
    Step load = load(input, spec, name, id);
    return Continuation.rest(List.of(reserve, load.after(reserve), publish(name, id).after(load)));
  }

  private static String origin(Details input) {
    return input
        .find(Acts.FROM)
        .or(() -> input.find(Acts.ARCHIVE))
        .orElseGet(() -> input.need(Acts.DUMP));
  }

  /** Whether the data is made out of an archive, and not of a cluster that runs. */
  private static boolean past(Details input) {
    return input.has(Acts.ARCHIVE) || WISH.stream().anyMatch(input::has);
  }

  private static Step load(Details input, CopiesSpec spec, String name, String id) {
    Step load = act(input, name, id);
    Details facts = Details.NONE;
    List<String> more =
        switch (load.act()) {
          case Acts.TAKE -> ORIGIN;
          case Acts.RESTORE -> PAST;
          default -> List.of();
        };
    for (String fact : Stream.concat(PROVENANCE.stream(), more.stream()).toList()) {
      facts = facts.with(fact, "@" + fact);
    }
    for (String word : HANDED_ON) {
      load = input.has(word) ? load.with(word, input.need(word)) : load;
    }
    return load.within(spec.template().limit())
        .changing(new ItemChange.Put(Shelf.GENERATION, name, "", Shelf.CREATING, facts, 0));
  }

  private static Step act(Details input, String name, String id) {
    String origin = origin(input);
    if (past(input)) {
      String target =
          RecoveryTarget.WORDS.stream()
              .flatMap(word -> input.find(word).stream())
              .findFirst()
              .orElse("its end");
      return Changes.act(
          Acts.RESTORE,
          id,
          "restore the archive of " + origin + " up to " + target + " in " + name);
    }
    if (input.has(Acts.FROM)) {
      return Changes.act(
          Acts.TAKE, id, "take the data of a replica of " + origin + " into " + name);
    }
    String sender = input.get(Acts.SENDER, "");
    String sent = sender.isEmpty() ? "" : ", uploaded by " + sender + ",";
    return Changes.act(Acts.IMPORT, id, "load " + origin + sent + " into " + name);
  }

  private static Step publish(String name, String id) {
    return Changes.act(Acts.PUBLISH, id, "let copies be made of " + name)
        .within(PUBLISH)
        .writing(Details.of(Shelf.CURRENT, name).with(Shelf.FAILURE, ""))
        .changing(new ItemChange.Put(Shelf.GENERATION, name, "", Shelf.READY, Details.NONE, 0));
  }
}
