package io.cotidal.feeds.plan;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import io.cotidal.model.MemberId;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Let a table's view read an earlier generation again, and keep it so until its job brings other
 * data.
 */
final class RollBack implements OperationType<FeedsSpec, FeedsFacts> {
  static final String NAME = "roll-back";

  /** Input: which generation; empty for the newest before the one that is read. */
  static final String WANTED = "wanted";

  /** Evidence of the choice: digest of the data that is rolled back from. */
  private static final String FROM = "from";

  /** Evidence of the choice: digest of the data that will be read. */
  private static final String TO = "to";

  private static final String CHOOSE = "choose";
  private static final String RECORD = "record";
  private static final int TRIES = 3;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Risk risk() {
    return Risk.DISRUPTIVE;
  }

  @Override
  public List<Lock> locks(Details input) {
    return Jobs.lock(input.need(Acts.NAME));
  }

  @Override
  public Continuation steps(Details input, Run run, FeedsSpec spec, State<FeedsFacts> state) {
    Subject subject = Jobs.subject(input.need(Acts.KEY)).orElseThrow();
    Picture picture = new Picture(spec, state);
    if (!run.isDone(CHOOSE)) {
      return run.occasion() == Run.Occasion.CANCEL
          ? Continuation.finished()
          : begin(input, picture, subject);
    }
    Details chosen = run.evidence(CHOOSE);
    Work work = new Work(subject, "");
    Step swap = work.back(input.need(Acts.TARGET), chosen.need(Acts.GENERATION));
    if (run.occasion() == Run.Occasion.CANCEL && !run.isDone(swap.key())) {
      return Continuation.finished();
    }
    if (!run.isDone(swap.key())) {
      return run.failures(swap.key()) >= TRIES
          ? new Continuation.GiveUp(run.problem(swap.key()))
          : Continuation.rest(List.of(swap.thenDecide()));
    }
    if (run.isDone(RECORD)) {
      return Continuation.finished();
    }
    List<Step> rest = new ArrayList<>();
    Set<String> resets = new HashSet<>();
    if (run.occasion() != Run.Occasion.CANCEL) {
      for (MemberId server : picture.servers()) {
        Step reset = work.reset(server);
        // A GeoServer that does not take it now reads the columns anew at its next publication.
        if (run.last(reset.key()).isEmpty()) {
          rest.add(reset);
          resets.add(reset.key());
        }
      }
    }
    rest.add(record(chosen, run.evidence(swap.key()), picture, subject).after(resets).thenDecide());
    return Continuation.rest(rest);
  }

  /** What is kept, only a look since the last operation on the job shows. */
  private static Continuation begin(Details input, Picture picture, Subject subject) {
    boolean seen =
        picture.database().isPresent() && picture.fresh(FeedsSpec.DATABASE, picture.item(subject));
    if (!seen) {
      return new Continuation.Wait("waits for a look at the database", List.of(FeedsSpec.DATABASE));
    }
    return choice(picture, input)
        .<Continuation>map(choice ->
            Continuation.rest(
                List.of(
                    Step.decision(
                            CHOOSE, "go back to generation " + choice.need(Acts.GENERATION), choice)
                        .thenDecide())))
        .orElseGet(() -> new Continuation.GiveUp(subject + " keeps no generation to go back to"));
  }

  /** The generation to go back to, with its data and those that are read now. */
  static Optional<Details> choice(Picture picture, Details input) {
    String target = input.need(Acts.TARGET);
    String wanted = input.get(WANTED, "");
    String from = picture.served(target).map(FeedsFacts.Served::digest).orElse("");
    return picture.kept(target).entrySet().stream()
        .filter(kept -> !kept.getValue().isEmpty())
        .filter(kept -> wanted.isEmpty() || kept.getKey().equals(wanted))
        .max(Comparator.comparingLong(kept -> Kept.number(kept.getKey())))
        .map(kept ->
            Details.of(Acts.GENERATION, kept.getKey()).with(TO, kept.getValue()).with(FROM, from));
  }

  private static Step record(Details chosen, Details swapped, Picture picture, Subject subject) {
    Details row =
        Details.of(Jobs.HELD, chosen.need(FROM))
            .with(Jobs.DATA, chosen.need(TO))
            .with(Acts.GENERATION, chosen.need(Acts.GENERATION))
            .with(Acts.PREVIOUS, "")
            .with(Acts.UNGRANTED, Jobs.cut(swapped.get(Acts.UNGRANTED, "")))
            .with(Jobs.NOTED, picture.noted());
    return Step.decision(
            RECORD, "note that " + subject + " was rolled back, and is held", Details.NONE)
        .changing(Jobs.put(subject, Jobs.PUBLISHED, row));
  }
}
