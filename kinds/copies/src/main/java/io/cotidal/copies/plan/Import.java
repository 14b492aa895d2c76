package io.cotidal.copies.plan;

import io.cotidal.copies.observe.CopiesFacts;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.engine.Continuation;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.ItemChange;
import io.cotidal.model.Lock;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Load a dump, or the data of a replica, into a new generation, beside the one in use, and let
 * copies be made of it once it is whole. Nobody who works with the older one notices.
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
          Acts.FINGERPRINT);

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
    return input.find(Acts.FROM).orElseGet(() -> input.need(Acts.DUMP));
  }

  private static Step load(Details input, CopiesSpec spec, String name, String id) {
    String origin = origin(input);
    boolean taken = input.has(Acts.FROM);
    Details facts = Details.NONE;
    for (String fact : PROVENANCE) {
      facts = facts.with(fact, "@" + fact);
    }
    if (taken) {
      for (String fact : ORIGIN) {
        facts = facts.with(fact, "@" + fact);
      }
    }
    String sender = input.get(Acts.SENDER, "");
    String sent = sender.isEmpty() ? "" : ", uploaded by " + sender + ",";
    Step load =
        taken
            ? Changes.act(
                Acts.TAKE, id, "take the data of a replica of " + origin + " into " + name)
            : Changes.act(Acts.IMPORT, id, "load " + origin + sent + " into " + name);
    load = load.with(taken ? Acts.FROM : Acts.DUMP, origin);
    for (String word : List.of(Acts.UPLOAD, Acts.HASH)) {
      load = input.has(word) ? load.with(word, input.need(word)) : load;
    }
    return load.within(spec.template().limit())
        .changing(new ItemChange.Put(Shelf.GENERATION, name, "", Shelf.CREATING, facts, 0));
  }

  private static Step publish(String name, String id) {
    return Changes.act(Acts.PUBLISH, id, "let copies be made of " + name)
        .within(PUBLISH)
        .writing(Details.of(Shelf.CURRENT, name).with(Shelf.FAILURE, ""))
        .changing(new ItemChange.Put(Shelf.GENERATION, name, "", Shelf.READY, Details.NONE, 0));
  }
}
