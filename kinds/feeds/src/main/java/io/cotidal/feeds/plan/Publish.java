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
import io.cotidal.model.Item;
import io.cotidal.model.ItemChange;
import io.cotidal.model.Lock;
import io.cotidal.model.Risk;
import io.cotidal.model.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Bring one job into force: fetch, load beside what is read, let the view read it, tell each
 * GeoServer, and see that it is served. What fails on the way leaves readers what they had.
 */
final class Publish implements OperationType<FeedsSpec, FeedsFacts> {
  static final String NAME = "publish";

  static final String SUPERSEDED = "the repository says something else by now";

  private static final String CHOOSE = "choose";
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

  /** The planner makes the pauses between failures itself, as the spec says. */
  @Override
  public Duration longestPause() {
    return Duration.ofSeconds(1);
  }

  /** The input under which {@code thing} is published as it is asked for now. */
  static Details input(Thing thing, Thing.Wish.Publish wish) {
    return Details.of(Acts.NAME, Jobs.name(thing.subject()))
        .with(Acts.KEY, thing.subject().key())
        .with(Acts.ASK, ask(wish));
  }

  /** One word for all that a wish asks for. */
  static String ask(Thing.Wish.Publish wish) {
    return Asks.of(wish);
  }

  @Override
  public Continuation steps(Details input, Run run, FeedsSpec spec, State<FeedsFacts> state) {
    Picture picture = new Picture(spec, state);
    Subject subject = Jobs.subject(input.need(Acts.KEY)).orElseThrow();
    Optional<Thing> thing =
        picture
            .thing(subject)
            .filter(each ->
                each.publish().filter(wish -> ask(wish).equals(input.need(Acts.ASK))).isPresent());
    if (!run.isDone(CHOOSE)) {
      if (run.occasion() == Run.Occasion.CANCEL) {
        return Continuation.finished();
      }
      return thing
          .map(each -> begin(picture, each, run))
          .orElseGet(() -> new Continuation.Moot(SUPERSEDED));
    }
    Work work = new Work(subject, input.need(Acts.ASK));
    Chosen chosen = new Chosen(run.evidence(CHOOSE));
    return new Course(run, picture, work, chosen).rest(thing);
  }

  private static Continuation begin(Picture picture, Thing thing, Run run) {
    Thing.Wish.Publish wish = thing.publish().orElseThrow();
    Need need = Need.of(picture, thing, wish);
    boolean seen = picture.fresh(FeedsSpec.DATABASE, picture.item(thing.subject()));
    if (need.table().load() && !seen && !Way.offered(wish).isEmpty()) {
      // What deltas may lead on from, only a look since the last operation on the job shows.
      return new Continuation.Wait("waits for a look at the database", List.of(FeedsSpec.DATABASE));
    }
    Chosen chosen = Chosen.of(picture, thing, wish, run.operation());
    String why = thing.subject() + ": " + (need.any() ? need.reason() : "as asked");
    Step choose = Step.decision(CHOOSE, why, chosen.entries()).thenDecide();
    return Continuation.rest(
        List.of(known(picture, thing.subject(), chosen).map(choose::changing).orElse(choose)));
  }

  /** A row knows a thing, and each table that it may have, before anything is done for it. */
  private static Optional<ItemChange> known(Picture picture, Subject subject, Chosen chosen) {
    Optional<Item> item = picture.item(subject);
    String has = Jobs.fact(item, Acts.TARGET);
    if (item.isEmpty()) {
      Details row = Details.of(Acts.TARGET, chosen.target());
      return Optional.of(Jobs.put(subject, Jobs.BEGUN, row));
    }
    String left = Jobs.fact(item, Jobs.LEFT);
    if (has.equals(chosen.target()) || Jobs.words(left).contains(chosen.target())) {
      return Optional.empty();
    }
    Details row =
        has.isEmpty()
            ? Details.of(Acts.TARGET, chosen.target())
            : Details.of(Jobs.LEFT, (left + " " + chosen.target()).strip());
    return Optional.of(Jobs.put(subject, item.get().state(), row));
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
    boolean load = need.table().load();
    Optional<Way> way =
        load ? Way.all(picture, thing.subject(), wish).stream().findFirst() : Optional.empty();
    List<Step> steps = new ArrayList<>(List.of(work.fetch(load && way.isEmpty())));
    way.ifPresent(each -> steps.add(work.fetch(each)));
    if (need.prepare()) {
      steps.add(work.prepare());
    }
    String generation = load ? "g?" : need.table().generation();
    String target = picture.target(thing.subject(), wish).orElse("");
    if (load) {
      steps.add(
          way.map(each -> work.stage(target, generation, each))
              .orElseGet(() -> work.stage(target, generation)));
    }
    if (need.table().swaps()) {
      steps.add(work.swap(target, generation));
    }
    need.show().forEach(server -> steps.add(work.show(server, need.changed(), need.empty())));
    Jobs.words(need.left()).forEach(table -> steps.add(work.leave(table)));
    return steps;
  }
}
