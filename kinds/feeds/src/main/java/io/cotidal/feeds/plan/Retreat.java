package io.cotidal.feeds.plan;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.Run;
import io.cotidal.feeds.job.Subject;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.MemberId;
import io.cotidal.model.Step;
import io.cotidal.model.StepRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The way back of one publication that failed, that nobody wants any more, or that a person ended:
 * readers get what they had, and the row says what is so. It is planned as a whole, because one
 * that a person ended is asked only once.
 */
final class Retreat {
  private static final String NOTE = "note";

  private final Run run;
  private final Picture picture;
  private final Work work;
  private final Chosen chosen;

  Retreat(Run run, Picture picture, Work work, Chosen chosen) {
    this.run = run;
    this.picture = picture;
    this.work = work;
    this.chosen = chosen;
  }

  /** Whether the way back has begun: there is no turning round on it. */
  boolean begun() {
    return tried(Work.BACK) || tried(Acts.TRIM) || run.isDone(NOTE);
  }

  private boolean tried(String key) {
    return run.last(key).isPresent();
  }

  /**
   * What remains.
   *
   * @param current whether the repository still asks for what is given up
   * @param why what failed; empty if nothing did
   */
  Continuation rest(boolean current, String why) {
    if (run.isDone(NOTE)) {
      return ended(why);
    }
    List<Step> steps = new ArrayList<>();
    boolean back = goesBack(current);
    boolean stays = back && !run.isDone(Work.BACK) && run.failures(Work.BACK) >= Course.SWAP_TRIES;
    if (back && !run.isDone(Work.BACK) && !stays) {
      add(
          steps,
          before().isEmpty() ? work.dropAsBack(chosen) : work.back(chosen.target(), before()));
    }
    if (back && !stays && !before().isEmpty()) {
      resets().forEach(reset -> add(steps, reset));
    }
    if (!stays && trims(current)) {
      add(steps, work.trim(chosen));
    }
    if (!why.isEmpty() || tried(Acts.SWAP) || shown().findAny().isPresent()) {
      add(steps, note(why, !back && run.isDone(Acts.SWAP)));
    }
    if (steps.isEmpty()) {
      return ended(why);
    }
    steps.set(steps.size() - 1, steps.getLast().thenDecide());
    return Continuation.rest(steps);
  }

  private static void add(List<Step> steps, Step step) {
    steps.add(steps.isEmpty() ? step : step.after(Set.of(steps.getLast().key())));
  }

  /**
   * Whether the view must be let back: if it reads, or may read, what is given up. But what it
   * reads for certain stays if the repository only says something newer: that comes next, and what
   * lies between is whole.
   */
  private boolean goesBack(boolean current) {
    Optional<StepRecord> swap = run.last(Acts.SWAP);
    if (swap.isEmpty()) {
      return false;
    }
    boolean overtaken = !current && run.occasion() != Run.Occasion.CANCEL && !tried(Work.BACK);
    return switch (swap.get().state()) {
      case PLANNED -> false;
      case FAILED -> swap.get().problem().startsWith("cannot tell");
      case INTENDED, ABANDONED -> true;
      case DONE -> !overtaken;
    };
  }

  /** What the swap found there; or, if nobody could say, what was there when it was chosen. */
  private String before() {
    String found = run.evidence(Acts.SWAP).get(Acts.PREVIOUS, "");
    return found.isEmpty() || found.equals(chosen.generation()) ? chosen.before() : found;
  }

  /** Each GeoServer forgets the columns of what was let back; once, whatever comes of it. */
  private List<Step> resets() {
    return chosen.shows().stream()
        .map(work::reset)
        .filter(step -> run.last(step.key()).isEmpty())
        .toList();
  }

  /**
   * Whether what was loaded goes at once. What is whole and still asked for stays: the next try
   * need not load it again.
   */
  private boolean trims(boolean current) {
    Making making = new Making(run, chosen);
    boolean staged = chosen.loads() && making.tried();
    boolean reads = run.isDone(Acts.SWAP) && !goesBack(current);
    boolean dropped = goesBack(current) && before().isEmpty();
    boolean serves = making.done() && current && run.occasion() != Run.Occasion.CANCEL;
    return staged && !reads && !dropped && !serves && !tried(Acts.TRIM);
  }

  /** GeoServers that show, or may show, what is given up. */
  private Stream<MemberId> shown() {
    return chosen.shows().stream().filter(server -> tried(Work.show(server)));
  }

  private Step note(String why, boolean reads) {
    Subject subject = work.subject();
    Optional<Item> item = picture.item(subject);
    // What its view reads already is known as well: no later look may be needed to know it.
    boolean known = reads || (!chosen.swaps() && !chosen.get(Jobs.DATA).isEmpty());
    Details row =
        known ? work.read(chosen, run).with(Jobs.LEFT, chosen.get(Jobs.LEFT)) : Details.NONE;
    for (MemberId server : reads ? chosen.shows() : shown().toList()) {
      row = row.with(Jobs.print(server), "");
    }
    if (Jobs.fact(item, Acts.TARGET).isEmpty() && !chosen.target().isEmpty()) {
      row = row.with(Acts.TARGET, chosen.target());
    }
    if (!why.isEmpty()) {
      row = row.with(Jobs.failed(item, work.ask(), why, picture.state().now()));
    }
    String same = reads ? Jobs.PUBLISHED : item.map(Item::state).orElse(Jobs.BEGUN);
    String sentence =
        why.isEmpty()
            ? "note how far " + subject + " got"
            : "note that " + subject + " could not be published: " + why;
    return Step.decision(NOTE, sentence, Details.NONE)
        .changing(
            Jobs.put(
                subject,
                why.isEmpty() ? same : Jobs.FAILING,
                row.with(Jobs.NOTED, picture.noted())));
  }

  private Continuation ended(String why) {
    if (run.occasion() == Run.Occasion.CANCEL) {
      return Continuation.finished();
    }
    if (why.isEmpty()) {
      return new Continuation.Moot(Publish.SUPERSEDED);
    }
    Step tell = work.tell(Acts.FAILED, why);
    boolean tells = picture.spec().status().isPresent() && !tried(tell.key());
    return tells ? Continuation.rest(List.of(tell.thenDecide())) : new Continuation.GiveUp(why);
  }
}
