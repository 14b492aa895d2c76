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
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Take away what a job published: first from every GeoServer, then from the database. */
final class Withdraw implements OperationType<FeedsSpec, FeedsFacts> {
  static final String NAME = "withdraw";

  /** Input: {@code true} if nobody asked for it and only its job is not there. */
  static final String ABSENT = "absent";

  /** Ledger: begins the names of jobs that went because they were absent. */
  static final String GONE = "gone.";

  /** Ledger: how many jobs were published when the first of those went. */
  static final String KNOWN = "known-before";

  private static final String RECORD = "record";
  private static final int TRIES = 3;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Risk risk() {
    return Risk.IRREVERSIBLE;
  }

  @Override
  public List<Lock> locks(Details input) {
    return Jobs.lock(input.need(Acts.NAME));
  }

  static Details input(Subject subject, String target, boolean absent) {
    return Details.of(Acts.NAME, Jobs.name(subject))
        .with(Acts.KEY, subject.key())
        .with(Acts.TARGET, target)
        .with(ABSENT, absent);
  }

  @Override
  public Continuation steps(Details input, Run run, FeedsSpec spec, State<FeedsFacts> state) {
    Picture picture = new Picture(spec, state);
    Subject subject = Jobs.subject(input.need(Acts.KEY)).orElseThrow();
    Work work = new Work(subject, "");
    if (run.isDone(RECORD)) {
      return told(run, spec, work);
    }
    if (run.occasion() == Run.Occasion.CANCEL) {
      // What is gone so far comes back with the next publication, if it is wanted.
      return Continuation.finished();
    }
    if (run.occasion() == Run.Occasion.BEGIN && wantedAgain(picture, subject)) {
      return new Continuation.Moot("the repository wants " + subject + " again");
    }
    List<Step> acts = new ArrayList<>();
    picture.servers().forEach(server -> acts.add(work.hide(server)));
    String target = input.get(Acts.TARGET, "");
    boolean drops = spec.tables() && !target.isEmpty();
    for (Step act : acts) {
      if (run.failures(act.key()) >= TRIES) {
        return new Continuation.GiveUp(run.problem(act.key()));
      }
    }
    List<Step> rest = new ArrayList<>();
    Set<String> before = new HashSet<>();
    for (Step act : acts) {
      if (!run.isDone(act.key())) {
        rest.add(act);
        before.add(act.key());
      }
    }
    if (drops) {
      Step drop = work.drop(target);
      if (run.failures(drop.key()) >= TRIES) {
        return new Continuation.GiveUp(run.problem(drop.key()));
      }
      if (!run.isDone(drop.key())) {
        rest.add(drop.after(Set.copyOf(before)));
        before = new HashSet<>(Set.of(drop.key()));
      }
    }
    rest.add(record(input, picture, subject).after(Set.copyOf(before)).thenDecide());
    return Continuation.rest(rest);
  }

  private static boolean wantedAgain(Picture picture, Subject subject) {
    return picture.thing(subject).flatMap(thing -> thing.publish()).isPresent();
  }

  private static Step record(Details input, Picture picture, Subject subject) {
    Step record =
        Step.decision(RECORD, "note that " + subject + " is gone", Details.NONE)
            .changing(Jobs.drop(subject));
    if (!Boolean.parseBoolean(input.get(ABSENT, "false"))) {
      return record;
    }
    Details ledger = Details.of(GONE + Jobs.name(subject), "yes");
    boolean first = !picture.state().ledger().has(KNOWN);
    return record.writing(first ? ledger.with(KNOWN, Absent.published(picture)) : ledger);
  }

  private static Continuation told(Run run, FeedsSpec spec, Work work) {
    Step tell = work.tell(Acts.WITHDRAWN, "");
    return spec.status().isEmpty() || run.last(tell.key()).isPresent()
        ? Continuation.finished()
        : Continuation.rest(List.of(tell.thenDecide()));
  }
}
