package io.cotidal.feeds.plan;

import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.MemberId;
import io.cotidal.model.Mode;
import io.cotidal.model.OperationState;
import io.cotidal.model.Wanted;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What should be done without anybody's asking. */
final class Planner {
  /** So many jobs are worked on side by side: each has its own limits at the servers. */
  static final int SIDE_BY_SIDE = 16;

  private final Picture picture;
  private final Pauses pauses;
  private final Set<String> busy;
  private long waiting;
  private final List<Wanted> wanted = new ArrayList<>();

  Planner(Picture picture) {
    this.picture = picture;
    this.pauses = new Pauses(picture.spec(), picture.state().now().micros());
    this.busy = picture.busy();
    this.waiting = inState(OperationState.WAITING);
  }

  private long inState(OperationState state) {
    return picture.state().open().filter(open -> open.state() == state).count();
  }

  List<Wanted> plan() {
    Optional<FeedsFacts.Repository> seen = picture.repository();
    // Without a database that was seen, everything would look new; without a revision, gone.
    if (seen.isEmpty()
        || seen.get().head().isEmpty()
        || (picture.spec().tables() && picture.database().isEmpty())) {
      return List.of();
    }
    FeedsFacts.Repository repository = seen.get();
    List<Wanted> published = publish(repository);
    Withdrawals withdrawals = new Withdrawals(picture, repository, pauses);
    List<Wanted> withdrawn = withdrawals.wanted(busy, published.stream().anyMatch(Planner::group));
    learn(repository);
    if (withdrawals.calm() && !picture.state().items(Absent.GONE).isEmpty()) {
      want(Note.FORGET, Details.NONE, "nothing is absent any more");
    }
    clean(published);
    mark(repository, published.isEmpty() && withdrawn.isEmpty());
    withdrawn.stream().filter(want -> !want.automatic()).forEach(wanted::add);
    List<Wanted> jobs = new ArrayList<>(withdrawn);
    jobs.removeIf(want -> !want.automatic());
    jobs.addAll(published);
    wanted.addAll(limited(jobs));
    return wanted;
  }

  private static boolean group(Wanted want) {
    return want.input().get(Acts.KEY, "").startsWith(Sort.GROUP.word() + "/");
  }

  private void learn(FeedsFacts.Repository repository) {
    String ask = Learn.ask(repository);
    if (!ask.isEmpty() && !pauses.pauses(Learn.noted(picture), ask)) {
      want(Learn.NAME, Details.of(Acts.ASK, ask), "jobs point at documents that are not here yet");
    }
  }

  private List<Wanted> publish(FeedsFacts.Repository repository) {
    List<Wanted> published = new ArrayList<>();
    Order order = new Order(picture, repository);
    for (Thing thing : repository.things().values()) {
      Optional<Thing.Wish.Publish> wish = thing.publish();
      if (wish.isEmpty()
          || busy.contains(picture.name(thing.subject()))
          || repository.excluded().containsKey(thing.subject())) {
        continue;
      }
      Need need = Need.of(picture, thing, wish.get());
      if (need.any()
          && !pauses.pauses(picture.item(thing.subject()), Publish.ask(wish.get()))
          && order.waits(thing, wish.get()).isEmpty()
          && ready(need, wish.get().body())) {
        published.add(
            new Wanted(
                Publish.NAME,
                Publish.input(thing, wish.get()),
                thing.subject() + ": " + need.reason(),
                true));
      }
    }
    return published;
  }

  /**
   * Whether it can begin although a GeoServer is away: if who answers may be told alone; or a table
   * is loaded and waits then, if not too many wait already.
   */
  private boolean ready(Need need, Body body) {
    List<MemberId> silent = picture.silent(need.show());
    boolean beside = need.table().swaps() || need.prepare();
    if (silent.isEmpty()) {
      return true;
    }
    if (!picture.spec().pace().together()) {
      return beside || silent.size() < need.show().size();
    }
    // What guards holds others up: they are not let in before it is in force everywhere.
    if (!need.table().load() || body instanceof Body.Workspace || waiting >= SIDE_BY_SIDE) {
      return false;
    }
    waiting++;
    return true;
  }

  /** A revision is applied when each of its jobs is in force. */
  private void mark(FeedsFacts.Repository repository, boolean calm) {
    boolean applied = repository.applied().filter(repository.head()::equals).isPresent();
    if (!applied && calm && busy.isEmpty() && new Standing(picture, repository).settled()) {
      want(
          Single.MARK,
          Details.of(Acts.COMMIT, repository.head()),
          "all that revision " + repository.head() + " says is in force");
    }
  }

  /** Generations that nobody reads and nobody may want back. */
  private void clean(List<Wanted> published) {
    Optional<FeedsFacts.Database> database = picture.database();
    if (database.isEmpty() || !picture.spec().tables()) {
      return;
    }
    Set<String> working = new HashSet<>(busy);
    published.forEach(want -> working.add(want.input().get(Acts.NAME, "")));
    Kept kept = new Kept(picture, database.get(), working);
    List<String> tables = kept.superfluous();
    if (!tables.isEmpty()) {
      want(
          Single.CLEAN,
          kept.input(tables),
          tables.size() + " generations of tables are read by nobody");
    }
  }

  /** Of what begins at once, only as much as is worked on at once. */
  private List<Wanted> limited(List<Wanted> jobs) {
    if (picture.spec().mode() != Mode.MANAGE) {
      return jobs;
    }
    long open = inState(OperationState.RUNNING) + inState(OperationState.CANCELLING);
    return jobs.stream().limit(Math.max(0, SIDE_BY_SIDE - open)).toList();
  }

  private void want(String type, Details input, String reason) {
    wanted.add(new Wanted(type, input, reason, true));
  }

  /** When time alone will next make something wanted, in microseconds. */
  static long due(FeedsSpec spec, Picture picture) {
    Pauses pauses = new Pauses(spec, picture.state().now().micros());
    long due = Long.MAX_VALUE;
    List<Item> rows = new ArrayList<>(picture.jobs().all());
    Learn.noted(picture).ifPresent(rows::add);
    // A look that is later than a row may say the same as before, and yet mean something else.
    long looked = picture.state().now().micros() + 2 * spec.tick().toNanos() / 1_000;
    for (Item row : rows) {
      OptionalLong until = pauses.until(row);
      boolean fresh =
          spec.members().stream().allMatch(member -> picture.fresh(member, Optional.of(row)));
      due = Math.min(due, until.orElse(fresh ? Long.MAX_VALUE : looked));
    }
    return due;
  }
}
