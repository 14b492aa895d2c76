package io.cotidal.feeds.plan;

import io.cotidal.engine.Brake;
import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.Mode;
import io.cotidal.model.OperationState;
import io.cotidal.model.Wanted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** What should be done without anybody's asking. */
final class Planner {
  /** So many jobs are worked on side by side: each has its own limits at the servers. */
  static final int SIDE_BY_SIDE = 16;

  private static final long FIRST_PAUSE = 2_000_000L;
  private static final int MOST_DOUBLINGS = 20;

  /** So many tables are dropped by one operation. */
  private static final int MOST_TABLES = 20;

  private final Picture picture;
  private final long now;
  private final Set<String> busy;
  private final List<Wanted> wanted = new ArrayList<>();

  Planner(Picture picture) {
    this.picture = picture;
    this.now = picture.state().now().micros();
    this.busy =
        picture
            .state()
            .holding()
            .map(open -> open.input().get(Acts.NAME, ""))
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toSet());
  }

  List<Wanted> plan() {
    Optional<FeedsFacts.Repository> seen = picture.repository();
    // Without a database that was seen, everything would look new.
    if (seen.isEmpty() || (picture.spec().tables() && picture.database().isEmpty())) {
      return List.of();
    }
    FeedsFacts.Repository repository = seen.get();
    learn(repository);
    withdraw(repository);
    publish(repository);
    mark(repository);
    clean();
    return limited();
  }

  private void learn(FeedsFacts.Repository repository) {
    boolean unread =
        repository.things().values().stream()
            .anyMatch(thing -> thing.wish() instanceof Thing.Wish.Unread);
    if (unread) {
      want(Single.LEARN, Details.NONE, "jobs point at documents that are not here yet");
    }
  }

  private void withdraw(FeedsFacts.Repository repository) {
    for (Thing thing : repository.things().values()) {
      if (thing.wish() instanceof Thing.Wish.Remove && here(thing.subject())) {
        take(thing.subject(), "its job says that it shall go", false, true);
      }
    }
    Absent absent = new Absent(picture, repository);
    SortedMap<Subject, String> reasons = absent.reasons();
    if (reasons.isEmpty()) {
      boolean counted =
          picture.state().ledger().has(Withdraw.KNOWN)
              && picture.state().open().noneMatch(open -> open.type().equals(Withdraw.NAME));
      if (counted) {
        want(Note.FORGET, Details.NONE, "nothing is absent any more");
      }
      return;
    }
    Brake brake = absent.brake(reasons.size());
    reasons.forEach((subject, reason) ->
        take(subject, brake.lets() ? reason : reason + "; " + brake.reason(), true, brake.lets()));
  }

  private boolean here(Subject subject) {
    return picture.item(subject).isPresent();
  }

  private void take(Subject subject, String reason, boolean absent, boolean automatic) {
    if (busy.contains(Jobs.name(subject))) {
      return;
    }
    String target = picture.item(subject).map(item -> item.facts().get(Acts.TARGET, "")).orElse("");
    wanted.add(
        new Wanted(
            Withdraw.NAME,
            Withdraw.input(subject, target, absent),
            subject + ": " + reason,
            automatic));
  }

  private void publish(FeedsFacts.Repository repository) {
    Order order = new Order(picture, repository);
    for (Thing thing : repository.things().values()) {
      Optional<Thing.Wish.Publish> wish = thing.publish();
      if (wish.isEmpty()
          || repository.excluded().containsKey(thing.subject())
          || busy.contains(Jobs.name(thing.subject()))) {
        continue;
      }
      Need need = Need.of(picture, thing, wish.get());
      if (need.any()
          && ready(need, wish.get().body())
          && !pauses(thing.subject(), wish.get())
          && order.waits(thing, wish.get().body()).isEmpty()) {
        want(
            Publish.NAME, Publish.input(thing, wish.get()), thing.subject() + ": " + need.reason());
      }
    }
  }

  /** A table may be loaded while a GeoServer is away; what else is to be done waits for it. */
  private boolean ready(Need need, Body body) {
    boolean works = need.load() || need.prepare() || need.swaps();
    return (works && !(body instanceof Body.Workspace))
        || need.show().stream().allMatch(server -> picture.geoserver(server).isPresent());
  }

  private boolean pauses(Subject subject, Thing.Wish.Publish wish) {
    return until(subject, wish) > now;
  }

  /** Wall time before which a job that failed is not tried again; 0 if it did not fail so. */
  private long until(Subject subject, Thing.Wish.Publish wish) {
    Optional<Item> item = picture.item(subject);
    if (item.isEmpty() || !item.get().facts().get(Acts.ASK, "").equals(Publish.ask(wish))) {
      return 0;
    }
    long tried = Long.parseLong(item.get().facts().get(Jobs.TRIED, "0"));
    long attempts = Long.parseLong(item.get().facts().get(Jobs.ATTEMPTS, "0"));
    long longest = picture.spec().pace().longestPause().toNanos() / 1_000;
    long pause = Math.min(longest, FIRST_PAUSE << Math.min(attempts, MOST_DOUBLINGS));
    // A clock that stepped back must not make the pause longer than it is.
    return tried == 0 || now < tried ? 0 : tried + pause;
  }

  /** When time alone will next make something wanted. */
  long due() {
    return picture
        .repository()
        .map(seen ->
            seen.things().values().stream()
                .flatMap(
                    thing -> thing.publish().stream().map(wish -> until(thing.subject(), wish)))
                .filter(at -> at > now)
                .min(Long::compare)
                .orElse(Long.MAX_VALUE))
        .orElse(Long.MAX_VALUE);
  }

  /** A revision is applied when each of its jobs is in force. */
  private void mark(FeedsFacts.Repository repository) {
    boolean applied = repository.applied().filter(repository.head()::equals).isPresent();
    boolean working = picture.state().holding().anyMatch(open -> open.input().has(Acts.NAME));
    if (applied || repository.head().isEmpty() || working || !wanted.isEmpty()) {
      return;
    }
    if (new Standing(picture, repository).settled()) {
      want(
          Single.MARK,
          Details.of(Acts.COMMIT, repository.head()),
          "all that revision " + repository.head() + " says is in force");
    }
  }

  /** Generations that nobody reads and nobody may want back. */
  private void clean() {
    boolean loading =
        picture
            .state()
            .holding()
            .anyMatch(
                open -> open.type().equals(Publish.NAME) || open.type().equals(RollBack.NAME));
    Optional<FeedsFacts.Database> database = picture.database();
    if (loading || database.isEmpty() || !picture.spec().tables()) {
      return;
    }
    List<String> tables = new Kept(picture, database.get()).superfluous();
    if (!tables.isEmpty()) {
      want(
          Single.CLEAN,
          Details.of(
              Acts.TABLES,
              String.join(" ", tables.subList(0, Math.min(tables.size(), MOST_TABLES)))),
          tables.size() + " generations of tables are read by nobody");
    }
  }

  /** All that a person should see; of what begins at once, only as much as is worked on at once. */
  private List<Wanted> limited() {
    if (picture.spec().mode() != Mode.MANAGE) {
      return wanted;
    }
    long open =
        picture
            .state()
            .open()
            .filter(operation ->
                operation.state().underWay() && operation.state() != OperationState.ATTENTION)
            .count();
    Map<Boolean, List<Wanted>> parted =
        wanted.stream().collect(Collectors.partitioningBy(want -> want.automatic()));
    List<Wanted> limited = new ArrayList<>(parted.getOrDefault(false, List.of()));
    parted.getOrDefault(true, List.of()).stream()
        .limit(Math.max(0, SIDE_BY_SIDE - open))
        .forEach(limited::add);
    return limited;
  }

  private void want(String type, Details input, String reason) {
    wanted.add(new Wanted(type, input, reason, true));
  }
}
