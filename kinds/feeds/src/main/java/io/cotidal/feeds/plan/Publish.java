package io.cotidal.feeds.plan;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Details;
import io.cotidal.model.Lock;
import io.cotidal.model.MemberId;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Bring one job into force: fetch, load beside what is read, let the view read it, tell each
 * GeoServer, and see that it is served. What fails on the way leaves readers what they had.
 */
final class Publish implements OperationType<FeedsSpec, FeedsFacts> {
  static final String NAME = "publish";

  private static final String CHOOSE = "choose";
  private static final String LOAD = "load";
  private static final String SHOWS = "shows";
  private static final String RECORD = "record";
  private static final String BEFORE = "before";

  private static final int SWAP_TRIES = 5;
  private static final int SHOW_TRIES = 3;
  private static final Duration DEADLINE = Duration.ofHours(12);

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
    return Jobs.lock(input.need(Acts.NAME));
  }

  @Override
  public Duration deadline() {
    return DEADLINE;
  }

  /** The input under which {@code thing} is published as it is asked for now. */
  static Details input(Thing thing, Thing.Wish.Publish wish) {
    return Details.of(Acts.NAME, Jobs.name(thing.subject()))
        .with(Acts.KEY, thing.subject().key())
        .with(Acts.ASK, ask(wish));
  }

  /** One word for all that a wish asks for. */
  static String ask(Thing.Wish.Publish wish) {
    return Digests.of(wish.data() + "\n" + wish.face() + "\n" + wish.emptied());
  }

  @Override
  public Continuation steps(Details input, Run run, FeedsSpec spec, State<FeedsFacts> state) {
    Picture picture = new Picture(spec, state);
    Subject subject = Jobs.subject(input.need(Acts.KEY)).orElseThrow();
    if (!run.isDone(CHOOSE)) {
      if (run.occasion() == Run.Occasion.CANCEL) {
        return Continuation.finished();
      }
      return begin(input, run, picture, subject);
    }
    return new Course(input, run, picture, subject).rest();
  }

  private static Continuation begin(Details input, Run run, Picture picture, Subject subject) {
    Optional<Thing> thing = picture.thing(subject);
    Optional<Thing.Wish.Publish> wish =
        thing.flatMap(Thing::publish).filter(each -> ask(each).equals(input.need(Acts.ASK)));
    if (wish.isEmpty()) {
      return new Continuation.Moot("the repository says something else by now");
    }
    Need need = Need.of(picture, thing.get(), wish.get());
    boolean waits = picture.spec().pace().together();
    List<String> shows =
        need.show().stream()
            .filter(server -> waits || picture.geoserver(server).isPresent())
            .map(MemberId::name)
            .toList();
    String target = picture.target(subject, wish.get()).orElse("");
    String serving = picture.served(target).map(FeedsFacts.Served::digest).orElse("");
    Details choice =
        Details.of(LOAD, need.load())
            .with(Acts.GENERATION, need.load() ? "g" + run.operation() : need.generation())
            .with(BEFORE, picture.served(target).map(FeedsFacts.Served::generation).orElse(""))
            .with(Acts.TARGET, target)
            .with(Acts.PREPARE, need.prepare())
            .with(Acts.EMPTY, need.empty())
            .with(SHOWS, String.join(" ", shows))
            .with(Jobs.DATA, target.isEmpty() ? "" : need.swaps() ? wish.get().data() : serving)
            .with(Jobs.FACE, wish.get().face())
            .with(Jobs.EMPTIED, wish.get().emptied());
    Step choose =
        Step.decision(CHOOSE, subject + ": " + (need.any() ? need.reason() : "as asked"), choice);
    return Continuation.rest(List.of(choose.thenDecide()));
  }

  @Override
  public List<Step> predicted(Details input, FeedsSpec spec, State<FeedsFacts> state) {
    Picture picture = new Picture(spec, state);
    Subject subject = Jobs.subject(input.need(Acts.KEY)).orElseThrow();
    return picture
        .thing(subject)
        .flatMap(thing -> thing.publish().map(wish -> foreseen(input, picture, thing, wish)))
        .orElse(List.of());
  }

  private static List<Step> foreseen(
      Details input, Picture picture, Thing thing, Thing.Wish.Publish wish) {
    Need need = Need.of(picture, thing, wish);
    Work work = new Work(thing.subject(), input.need(Acts.ASK));
    List<Step> steps = new ArrayList<>(List.of(work.fetch(need.load())));
    if (need.prepare()) {
      steps.add(work.prepare());
    }
    String generation = need.load() ? "g?" : need.generation();
    if (need.load()) {
      steps.add(work.stage(generation));
    }
    if (need.swaps()) {
      steps.add(work.swap(generation));
    }
    need.show().forEach(server -> steps.add(work.show(server, need.swaps(), need.empty())));
    return steps;
  }

  /** One run, after its choice. */
  private static final class Course {
    private final Run run;
    private final Picture picture;
    private final Subject subject;
    private final Details choice;
    private final Work work;
    private final boolean current;

    Course(Details input, Run run, Picture picture, Subject subject) {
      this.run = run;
      this.picture = picture;
      this.subject = subject;
      this.choice = run.evidence(CHOOSE);
      this.work = new Work(subject, input.need(Acts.ASK));
      // A repository that cannot be read now says nothing else.
      this.current =
          picture.repository().isEmpty()
              || picture
                  .thing(subject)
                  .flatMap(Thing::publish)
                  .filter(wish -> ask(wish).equals(input.need(Acts.ASK)))
                  .isPresent();
    }

    private boolean loads() {
      return Boolean.parseBoolean(choice.get(LOAD, "false"));
    }

    private String generation() {
      return choice.get(Acts.GENERATION, "");
    }

    private List<MemberId> shows() {
      return Arrays.stream(choice.get(SHOWS, "").split(" "))
          .filter(name -> !name.isEmpty())
          .map(MemberId::new)
          .toList();
    }

    Continuation rest() {
      if (run.isDone(RECORD)) {
        return told(Acts.PUBLISHED, "");
      }
      Optional<String> why = undoing();
      if (why.isPresent()) {
        return undo(why.get());
      }
      if (!current && !swapped()) {
        return undo("");
      }
      return forward();
    }

    private boolean swapped() {
      return run.isDone(Acts.SWAP);
    }

    /** Why the run goes back, if it does; empty text if somebody wants it to end. */
    private Optional<String> undoing() {
      if (run.occasion() == Run.Occasion.CANCEL) {
        return Optional.of("");
      }
      if (run.isDone(Work.FAIL) || run.last(Work.BACK).isPresent()) {
        return Optional.of(problem());
      }
      boolean worn =
          failed(Acts.FETCH, 1)
              || failed(Acts.PREPARE, 1)
              || failed(Acts.STAGE, 1)
              || failed(Acts.SWAP, SWAP_TRIES)
              || shows().stream().anyMatch(server -> failed(Work.show(server), SHOW_TRIES));
      return worn ? Optional.of(problem()) : Optional.empty();
    }

    private boolean failed(String key, int times) {
      return !run.isDone(key) && run.failures(key) >= times;
    }

    private String problem() {
      List<String> keys = new ArrayList<>(List.of(Acts.FETCH, Acts.PREPARE, Acts.STAGE, Acts.SWAP));
      shows().forEach(server -> keys.add(Work.show(server)));
      return keys.stream().map(run::problem).filter(text -> !text.isEmpty()).findFirst().orElse("");
    }

    /** What lies ahead, up to the next moment at which something must be decided. */
    private Continuation forward() {
      List<Step> steps = new ArrayList<>();
      Set<String> before = new HashSet<>();
      add(steps, before, work.fetch(loads()));
      if (Boolean.parseBoolean(choice.get(Acts.PREPARE, "false"))) {
        add(steps, before, work.prepare());
      }
      if (loads()) {
        Step stage = work.stage(generation()).thenDecide();
        add(steps, before, stage);
        if (!run.isDone(stage.key())) {
          return Continuation.rest(steps);
        }
      }
      List<MemberId> silent = picture.silent(shows());
      if (!silent.isEmpty() && picture.spec().pace().together()) {
        return steps.isEmpty()
            ? new Continuation.Wait(silent.getFirst() + " does not answer", silent)
            : Continuation.rest(decidingLast(steps));
      }
      if (!generation().isEmpty()) {
        add(steps, before, work.swap(generation()));
      }
      Set<String> shown = new HashSet<>(before);
      boolean empty = Boolean.parseBoolean(choice.get(Acts.EMPTY, "false"));
      for (MemberId server : shows()) {
        Set<String> own = new HashSet<>(before);
        add(steps, own, work.show(server, !generation().isEmpty(), empty));
        shown.addAll(own);
      }
      add(steps, shown, record().thenDecide());
      return Continuation.rest(steps);
    }

    private static List<Step> decidingLast(List<Step> steps) {
      List<Step> copy = new ArrayList<>(steps);
      copy.set(copy.size() - 1, copy.getLast().thenDecide());
      return copy;
    }

    /** The step after those in {@code before}, unless it is done; it comes before what follows. */
    private void add(List<Step> steps, Set<String> before, Step step) {
      if (run.isDone(step.key())) {
        return;
      }
      steps.add(step.after(Set.copyOf(before)));
      before.clear();
      before.add(step.key());
    }

    private Step record() {
      Details row =
          Details.of(Jobs.FACE, choice.get(Jobs.FACE, ""))
              .with(Jobs.DATA, choice.get(Jobs.DATA, ""))
              .with(Jobs.EMPTIED, choice.get(Jobs.EMPTIED, ""))
              .with(Acts.TARGET, choice.get(Acts.TARGET, ""))
              .with(Jobs.ATTEMPTS, "")
              .with(Jobs.TRIED, "")
              .with(Jobs.REASON, "")
              .with(Acts.ASK, "");
      if (!generation().isEmpty()) {
        row =
            row.with(Acts.GENERATION, generation())
                .with(Acts.PREVIOUS, run.evidence(Acts.SWAP).get(Acts.PREVIOUS, ""))
                .with(Jobs.HELD, "");
      } else {
        // What a person rolled back from stays held, and the view reads what it read.
        row = row.without(Jobs.DATA);
      }
      for (MemberId server : shows()) {
        String print = run.evidence(Work.show(server)).get(Acts.PRINT, "told");
        row = row.with(Jobs.print(server), print);
      }
      return Step.decision(RECORD, "note that " + subject + " is published", Details.NONE)
          .changing(Jobs.put(subject, Jobs.PUBLISHED, row));
    }

    private Continuation told(String outcome, String message) {
      Step tell = work.tell(outcome, message);
      // The master hears of it if it can be noted; what is published is published all the same.
      boolean over = run.isDone(tell.key()) || run.failures(tell.key()) > 0;
      return over || picture.spec().status().isEmpty()
          ? Continuation.finished()
          : Continuation.rest(List.of(tell.thenDecide()));
    }

    /** Readers get what they had, the row says why, and the operation ends. */
    private Continuation undo(String why) {
      if (run.isDone(Work.FAIL)) {
        return after(why);
      }
      String before = choice.get(BEFORE, "");
      if (swapped() && !run.isDone(Work.BACK) && run.failures(Work.BACK) < SWAP_TRIES) {
        List<Step> back = new ArrayList<>();
        Step swap = before.isEmpty() ? work.dropAsBack(choice) : work.back(before);
        back.add(swap.thenDecide());
        return Continuation.rest(back);
      }
      if (swapped() && !run.isDone(Work.BACK)) {
        return new Continuation.Stuck(
            subject + " reads new data and cannot be let back: " + run.problem(Work.BACK),
            Jobs.lock(Jobs.name(subject)));
      }
      List<Step> resets = resets();
      if (!resets.isEmpty()) {
        return Continuation.rest(resets);
      }
      Step trim = work.trim(choice);
      boolean staged = loads() && run.last(Acts.STAGE).isPresent();
      if (staged && !run.isDone(trim.key()) && run.failures(trim.key()) == 0) {
        return Continuation.rest(List.of(trim.thenDecide()));
      }
      return why.isEmpty() ? after(why) : Continuation.rest(List.of(fail(why)));
    }

    /** Each GeoServer forgets the columns of what was rolled back; once, whatever comes of it. */
    private List<Step> resets() {
      if (!swapped() || choice.get(BEFORE, "").isEmpty()) {
        return List.of();
      }
      return shows().stream()
          .map(work::reset)
          .filter(step -> run.last(step.key()).isEmpty())
          .map(Step::thenDecide)
          .toList();
    }

    private Continuation after(String why) {
      if (why.isEmpty()) {
        return run.occasion() == Run.Occasion.CANCEL
            ? Continuation.finished()
            : new Continuation.Moot("the repository says something else by now");
      }
      Step tell = work.tell(Acts.FAILED, why);
      boolean tells = picture.spec().status().isPresent() && run.last(tell.key()).isEmpty();
      return tells ? Continuation.rest(List.of(tell.thenDecide())) : new Continuation.GiveUp(why);
    }

    private Step fail(String why) {
      long attempts =
          picture
              .item(subject)
              .map(item -> Long.parseLong(item.facts().get(Jobs.ATTEMPTS, "0")))
              .orElse(0L);
      Details row =
          Details.of(Jobs.ATTEMPTS, attempts + 1)
              .with(Jobs.TRIED, picture.state().now().micros())
              .with(Jobs.REASON, plain(why))
              .with(Acts.ASK, work.ask());
      return Step.decision(
              Work.FAIL, "note that " + subject + " could not be published: " + why, Details.NONE)
          .changing(Jobs.put(subject, Jobs.FAILING, row))
          .thenDecide();
    }

    /** A value that begins with the mark of a reference would be taken for one. */
    private static String plain(String why) {
      return why.startsWith("@") ? " " + why : why;
    }
  }
}
