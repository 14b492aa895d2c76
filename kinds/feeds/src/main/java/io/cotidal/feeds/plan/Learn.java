package io.cotidal.feeds.plan;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.feeds.job.Blob;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.ItemChange;
import io.cotidal.model.Lock;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import io.cotidal.model.WhenUnknown;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Fetch the documents that jobs point at. What cannot be had is tried again after a pause. */
final class Learn implements OperationType<FeedsSpec, FeedsFacts> {
  static final String NAME = "learn";

  /** Sort and name of the item that notes what could not be fetched. */
  static final String DOCUMENTS = "documents";

  private static final String NOTE = "note";
  private static final Duration LIMIT = Duration.ofMinutes(30);

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
    return List.of(new Lock(NAME, true));
  }

  /** The planner makes the pauses between failures itself, as the spec says. */
  @Override
  public Duration longestPause() {
    return Duration.ofSeconds(1);
  }

  /** One word for all documents that are not here yet; empty if there are none. */
  static String ask(FeedsFacts.Repository repository) {
    String all =
        repository.things().values().stream()
            .filter(thing -> !repository.excluded().containsKey(thing.subject()))
            .filter(thing -> thing.wish() instanceof Thing.Wish.Unread)
            .flatMap(thing -> ((Thing.Wish.Unread) thing.wish()).documents().stream())
            .map(Learn::word)
            .distinct()
            .sorted()
            .collect(Collectors.joining("\n"));
    return all.isEmpty() ? "" : Digests.of(all);
  }

  private static String word(Blob blob) {
    return blob + " " + blob.md5();
  }

  /** What is noted of documents that could not be fetched. */
  static Optional<Item> noted(Picture picture) {
    return Optional.ofNullable(picture.state().item(DOCUMENTS, DOCUMENTS));
  }

  @Override
  public Continuation steps(Details input, Run run, FeedsSpec spec, State<FeedsFacts> state) {
    Step fetch =
        Step.act(Acts.LEARN, FeedsSpec.REPOSITORY, "fetch the documents that jobs point at")
            .within(LIMIT)
            .whenUnknown(new WhenUnknown.RetryFor(LIMIT));
    boolean failed = run.failures(fetch.key()) > 0;
    if (run.occasion() == Run.Occasion.CANCEL || (run.isDone(NOTE) && !failed)) {
      return Continuation.finished();
    }
    if (run.isDone(NOTE)) {
      return new Continuation.GiveUp(run.problem(fetch.key()));
    }
    if (!run.isDone(fetch.key()) && !failed) {
      return Continuation.rest(List.of(fetch.thenDecide()));
    }
    String missing = run.evidence(fetch.key()).get(Acts.MISSING, "0");
    boolean all = !failed && missing.equals("0");
    String why = failed ? run.problem(fetch.key()) : missing + " documents could not be fetched";
    Step note = Step.decision(NOTE, all ? "all documents are here" : why, Details.NONE);
    return Continuation.rest(
        List.of(note.changing(change(input, state, all ? "" : why)).thenDecide()));
  }

  private static ItemChange change(Details input, State<FeedsFacts> state, String why) {
    Optional<Item> before = Optional.ofNullable(state.item(DOCUMENTS, DOCUMENTS));
    return why.isEmpty()
        ? new ItemChange.Drop(DOCUMENTS, DOCUMENTS)
        : new ItemChange.Put(
            DOCUMENTS,
            DOCUMENTS,
            "",
            Jobs.FAILING,
            Jobs.failed(before, input.need(Acts.ASK), why, state.now()),
            0);
  }
}
