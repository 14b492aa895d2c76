package io.cotidal.feeds.plan;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.Lock;
import io.cotidal.model.MemberId;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Take away what a job published: first from every GeoServer, then from the database. A GeoServer
 * that does not answer is waited for, and until then the table stays.
 */
final class Withdraw implements OperationType<FeedsSpec, FeedsFacts> {
  static final String NAME = "withdraw";

  /** Input: {@code true} if nobody asked for it and only its job is not there. */
  static final String ABSENT = "absent";

  /** What a row says was asked for if its withdrawal failed. */
  static final String ASKED = "withdraw";

  private static final String RECORD = "record";
  private static final String COUNT = "count";
  private static final String NOTE = "note";
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

  /** The planner makes the pauses between failures itself, as the spec says. */
  @Override
  public Duration longestPause() {
    return Duration.ofSeconds(1);
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
    return new Way(input, run, picture, new Work(subject, "")).rest();
  }

  /** One run. */
  private record Way(Details input, Run run, Picture picture, Work work) {
    Continuation rest() {
      if (run.isDone(RECORD)) {
        return told();
      }
      List<Step> drops = drops();
      boolean dropping = drops.stream().anyMatch(drop -> run.last(drop.key()).isPresent());
      boolean again =
          !dropping && picture.thing(work.subject()).flatMap(each -> each.publish()).isPresent();
      boolean cancel = run.occasion() == Run.Occasion.CANCEL;
      String worn = worn(drops);
      if (cancel || again || !worn.isEmpty() || run.isDone(NOTE)) {
        return givenUp(worn);
      }
      return forward(drops);
    }

    private List<MemberId> servers() {
      return work.subject().sort() == Sort.ROLES ? List.of() : picture.servers();
    }

    /** Its table, and one that it had before: unless another job has it now. */
    private List<Step> drops() {
      List<Step> drops = new ArrayList<>();
      String target = input.get(Acts.TARGET, "");
      if (!picture.spec().tables()) {
        return drops;
      }
      if (!target.isEmpty() && !picture.others(target, work.subject())) {
        drops.add(work.drop(target));
      }
      Jobs.words(Jobs.fact(picture.item(work.subject()), Jobs.LEFT)).stream()
          .filter(left -> !left.equals(target) && !picture.others(left, work.subject()))
          .forEach(left -> drops.add(work.leave(left)));
      return drops;
    }

    private String worn(List<Step> drops) {
      List<Step> acts = new ArrayList<>(drops);
      servers().forEach(server -> acts.add(work.hide(server)));
      return acts.stream()
          .filter(act -> !run.isDone(act.key()) && run.failures(act.key()) >= TRIES)
          .map(act -> act.sentence() + ": " + run.problem(act.key()))
          .findFirst()
          .orElse("");
    }

    /** Who goes because it is absent is counted before anything is done. */
    private Step count() {
      String sentence = "count that " + work.subject() + " goes because nobody names it";
      return Step.decision(COUNT, sentence, Details.NONE)
          .changing(Absent.going(picture, work.subject()))
          .thenDecide();
    }

    private Continuation forward(List<Step> drops) {
      if (Boolean.parseBoolean(input.get(ABSENT, "false")) && !run.isDone(COUNT)) {
        return Continuation.rest(List.of(count()));
      }
      List<Step> steps = new ArrayList<>();
      List<MemberId> silent = new ArrayList<>();
      Set<String> before = new HashSet<>();
      for (MemberId server : servers()) {
        Step hide = work.hide(server);
        if (run.isDone(hide.key())) {
          continue;
        }
        if (picture.geoserver(server).isEmpty()) {
          silent.add(server);
        } else {
          steps.add(hide.thenDecide());
          before.add(hide.key());
        }
      }
      if (!silent.isEmpty()) {
        return steps.isEmpty()
            ? new Continuation.Wait(silent.getFirst() + " does not answer", silent)
            : Continuation.rest(steps);
      }
      for (Step drop : drops) {
        if (!run.isDone(drop.key())) {
          steps.add(drop.after(Set.copyOf(before)).thenDecide());
          before = new HashSet<>(Set.of(drop.key()));
        }
      }
      steps.add(record().after(Set.copyOf(before)).thenDecide());
      return Continuation.rest(steps);
    }

    private Step record() {
      Subject subject = work.subject();
      Step record = Step.decision(RECORD, "note that " + subject + " is gone", Details.NONE);
      return record.changing(Jobs.drop(subject));
    }

    /** What is hidden so far is told anew with the next publication, if it is wanted. */
    private Continuation givenUp(String why) {
      Optional<Item> item = picture.item(work.subject());
      Details row = Details.of(Jobs.NOTED, picture.noted());
      for (MemberId server : servers()) {
        if (run.last(work.hide(server).key()).isPresent()) {
          row = row.with(Jobs.print(server), "");
        }
      }
      boolean touched = row.entries().size() > 1 || !why.isEmpty();
      if (touched && item.isPresent() && !run.isDone(NOTE)) {
        if (!why.isEmpty()) {
          row = row.with(Jobs.failed(item, ASKED, why, picture.state().now()));
        }
        String state = why.isEmpty() ? item.get().state() : Jobs.FAILING;
        return Continuation.rest(
            List.of(
                Step.decision(NOTE, "note what of " + work.subject() + " is gone", Details.NONE)
                    .changing(Jobs.put(work.subject(), state, row))
                    .thenDecide()));
      }
      if (run.occasion() == Run.Occasion.CANCEL) {
        return Continuation.finished();
      }
      return why.isEmpty()
          ? new Continuation.Moot("the repository wants " + work.subject() + " again")
          : new Continuation.GiveUp(why);
    }

    private Continuation told() {
      Step tell = work.tell(Acts.WITHDRAWN, "");
      boolean ends = run.last(tell.key()).isPresent() || run.occasion() == Run.Occasion.CANCEL;
      return ends || picture.spec().status().isEmpty()
          ? Continuation.finished()
          : Continuation.rest(List.of(tell.thenDecide()));
    }
  }
}
