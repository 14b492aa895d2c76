package io.cotidal.feeds.plan;

import io.cotidal.engine.paper.Rows;
import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.Inspection;
import io.cotidal.model.Item;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import io.cotidal.model.Outcome;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A replica on paper: repository, database, GeoServers, and the rules that nobody may break. An act
 * has two halves, so that it can be interrupted between them.
 */
final class PaperReplica {
  /** A view with the generations of its table. */
  static final class Table {
    final SortedMap<String, String> generations = new TreeMap<>();
    String serves = "";

    /** When they were swapped in last, counted. */
    final Map<String, Integer> read = new HashMap<>();

    String digest() {
      return generations.getOrDefault(serves, "");
    }
  }

  /** A GeoServer: what it shows, and of which data it knows the columns. */
  static final class Server {
    final SortedMap<String, String> prints = new TreeMap<>();
    final Map<String, String> columns = new HashMap<>();

    /** All that it ever showed. */
    final Set<String> ever = new HashSet<>();
  }

  /** When each commit was made: 2026-11-22T12:00:00Z. */
  private static final long COMMITTED = 1_795_348_800;

  private static final Outcome DONE = new Outcome.Done(Details.NONE);

  final SortedMap<Subject, Thing> things = new TreeMap<>();
  final SortedMap<Subject, String> excluded = new TreeMap<>();
  final SortedMap<String, String> troubles = new TreeMap<>();
  final List<String> unreadable = new ArrayList<>();
  Optional<String> applied = Optional.empty();
  private int revision;

  final SortedMap<String, Table> tables = new TreeMap<>();
  final SortedMap<MemberId, Server> servers = new TreeMap<>();
  final Set<MemberId> away = new HashSet<>();

  /** Data that cannot be loaded, and things that no GeoServer takes. */
  final Set<String> bad = new HashSet<>();

  /** Deltas that are not at the master. */
  final Set<String> missing = new HashSet<>();

  /** Tables upon which nothing can be granted. */
  final Set<String> ungranted = new HashSet<>();

  /** What each generation takes on the disk. */
  long bytes = 1;

  /** Schemas that are there. */
  final SortedSet<String> schemas = new TreeSet<>();

  /** Views that somebody dropped by hand: nobody can know that before a look. */
  final Set<String> dropped = new HashSet<>();

  /** Rules that were broken; a test holds them to be none. */
  final List<String> wrong = new ArrayList<>();

  /** Each load and each swap, as {@code act schema.table digest}. */
  final List<String> log = new ArrayList<>();

  /** Whether each commit is looked at before the next act. */
  boolean prompt;

  private final Set<String> fetched = new HashSet<>();
  private final Rows rows;
  private final int keep;

  PaperReplica(FeedsSpec spec, Rows rows) {
    this.rows = rows;
    this.keep = spec.database().orElseThrow().keep();
    spec.shown().forEach(server -> servers.put(server.name(), new Server()));
  }

  String head() {
    return "r" + revision;
  }

  private static List<String> schemas(Body body) {
    return switch (body) {
      case Body.Workspace workspace ->
          List.of(
              workspace.schemas().view(),
              workspace.schemas().data(),
              workspace.schemas().outdated());
      case Body.Layer layer -> List.of(layer.schemas().view(), layer.schemas().data());
      case Body.WmsStore _,
          Body.WmsLayer _,
          Body.LiveStore _,
          Body.LiveLayer _,
          Body.Group _,
          Body.Rules _,
          Body.Roles _ ->
          List.of();
    };
  }

  /** Somebody drops the schemas of views and all that is in them; or of tables, and those too. */
  void dropSchemas(boolean data) {
    schemas.clear();
    List.copyOf(tables.keySet()).forEach(this::dropView);
    if (data) {
      tables.values().forEach(table -> table.generations.clear());
    }
  }

  /** Somebody drops a view by hand. */
  void dropView(String target) {
    table(target).serves = "";
    dropped.add(target);
  }

  PaperReplica commit(Thing... changed) {
    for (Thing thing : changed) {
      things.put(thing.subject(), thing);
    }
    revision++;
    return this;
  }

  /** The job file says that it shall go. */
  void remove(Subject subject) {
    commit(Paper.thing(subject, new Thing.Wish.Remove()));
  }

  /** The job file is there no more. */
  void vanish(Subject subject) {
    things.remove(subject);
    revision++;
  }

  private @Nullable Thing asked(Step step) {
    Thing thing = things.get(Jobs.subject(step.arguments().need(Acts.KEY)).orElseThrow());
    boolean same =
        thing != null
            && thing
                .publish()
                .map(wish -> Publish.ask(wish).equals(step.arguments().need(Acts.ASK)))
                .orElse(false);
    return same ? thing : null;
  }

  private static Thing.Wish.Publish wish(Thing thing) {
    return thing.publish().orElseThrow();
  }

  static String target(Thing thing) {
    return wish(thing).body() instanceof Body.Layer layer && !wish(thing).data().isEmpty()
        ? layer.schemas().view() + "." + thing.subject().name()
        : "";
  }

  private Table table(String target) {
    return tables.computeIfAbsent(target, _ -> new Table());
  }

  /** The first half of an act. */
  @Nullable Outcome begin(Step step) {
    if (step.member() == null || away.contains(step.member())) {
      return new Outcome.Failed(step.member() + " does not answer");
    }
    if (step.act().equals(Acts.FETCH) && step.arguments().has(Acts.DELTAS)) {
      return Jobs.words(step.arguments().need(Acts.DELTAS)).stream().anyMatch(missing::contains)
          ? new Outcome.Failed("no such file at the master")
          : null;
    }
    if (!step.act().equals(Acts.STAGE)) {
      return null;
    }
    Thing thing = asked(step);
    if (thing == null) {
      return new Outcome.Failed("the repository says something else by now");
    }
    if (step.arguments().has(Acts.DELTAS)) {
      return beginByDeltas(step, thing);
    }
    Table table = table(target(thing));
    String generation = step.arguments().need(Acts.GENERATION);
    if (table.digest().equals(wish(thing).data())) {
      wrong.add(target(thing) + " is loaded again though it is served: " + wish(thing).data());
    }
    table.generations.put(generation, "");
    log.add("load " + target(thing) + " " + wish(thing).data());
    return bad.contains(wish(thing).data()) ? new Outcome.Failed("line 7 is broken") : null;
  }

  /** A generation becomes another one in the second half; a copy is half done after the first. */
  private @Nullable Outcome beginByDeltas(Step step, Thing thing) {
    Table table = table(target(thing));
    String from = step.arguments().need(Acts.FROM);
    boolean copies = Boolean.parseBoolean(step.arguments().need(Acts.COPY));
    String generation = step.arguments().need(Acts.GENERATION);
    if (table.generations.getOrDefault(generation, "").equals(wish(thing).data())) {
      return null;
    }
    String at = table.generations.getOrDefault(from, "");
    long others =
        table.generations.entrySet().stream()
            .filter(each -> !each.getValue().isEmpty())
            .filter(each -> !each.getKey().equals(from) && !each.getKey().equals(table.serves))
            .count();
    if (!copies && !at.isEmpty() && others < keep - 1) {
      wrong.add(target(thing) + "/" + from + " is brought forward, and is a way back");
    }
    if (table.serves.equals(from) && !copies) {
      wrong.add(target(thing) + "/" + from + " is brought forward, and is served");
    }
    List<String> deltas = Jobs.words(step.arguments().need(Acts.DELTAS));
    for (String delta : deltas) {
      if (!delta.startsWith(at + ">") || bad.contains(delta)) {
        return new Outcome.Failed(delta + " does not fit " + at);
      }
      at = delta.substring(delta.indexOf('>') + 1);
    }
    if (!at.equals(wish(thing).data())) {
      wrong.add(target(thing) + " would be " + at + " and shall be " + wish(thing).data());
    }
    if (copies) {
      table.generations.put(generation, "");
    }
    log.add((copies ? "copy " : "forward ") + target(thing) + " " + String.join(" ", deltas));
    return null;
  }

  /** The second half, and what came of it. */
  Outcome end(Step step) {
    return switch (step.act()) {
      case Acts.LEARN -> new Outcome.Done(Details.of(Acts.MISSING, troubles.size()));
      case Acts.FETCH, Acts.PREPARE -> {
        Thing thing = asked(step);
        fetched.add(step.key() + step.arguments().need(Acts.ASK));
        if (thing == null) {
          yield new Outcome.Failed("the repository says something else");
        }
        boolean grants = step.act().equals(Acts.PREPARE) && ungranted.contains(target(thing));
        if (step.act().equals(Acts.PREPARE)) {
          schemas.addAll(schemas(wish(thing).body()));
        }
        yield grants ? new Outcome.Failed("role reader is not here") : DONE;
      }
      case Acts.STAGE -> staged(step);
      case Acts.SWAP -> swapped(step);
      case Acts.TRIM -> trimmed(step);
      case Acts.DROP -> dropped(step);
      case Acts.SHOW -> shown(step);
      case Acts.RESET -> {
        server(step).columns.remove(step.arguments().need(Acts.KEY));
        yield DONE;
      }
      case Acts.HIDE -> hidden(step);
      case Acts.MARK -> {
        applied = Optional.of(step.arguments().need(Acts.COMMIT));
        yield DONE;
      }
      default -> throw new AssertionError(step);
    };
  }

  private Outcome staged(Step step) {
    Thing thing = asked(step);
    if (thing == null) {
      return new Outcome.Failed("the repository says something else by now");
    }
    boolean becomes =
        step.arguments().has(Acts.DELTAS)
            && !Boolean.parseBoolean(step.arguments().need(Acts.COPY));
    if (becomes) {
      String from = step.arguments().need(Acts.FROM);
      boolean ready =
          table(target(thing))
              .generations
              .getOrDefault(step.arguments().need(Acts.GENERATION), "")
              .equals(wish(thing).data());
      if (ready) {
        return DONE;
      }
      if (table(target(thing)).generations.remove(from) == null) {
        return new Outcome.Failed("there is no generation " + from);
      }
    }
    schemas.addAll(schemas(wish(thing).body()));
    table(target(thing))
        .generations
        .put(step.arguments().need(Acts.GENERATION), wish(thing).data());
    return DONE;
  }

  private static String view(Step step) {
    return step.arguments().need(Acts.TARGET);
  }

  private Outcome swapped(Step step) {
    String generation = step.arguments().need(Acts.GENERATION);
    Table table = table(view(step));
    if (table.generations.getOrDefault(generation, "").isEmpty()) {
      return new Outcome.Failed("there is no whole generation " + generation);
    }
    if (!schemas.contains(view(step).substring(0, view(step).indexOf('.')))) {
      return new Outcome.Failed("there is no schema of " + view(step));
    }
    String before = table.serves;
    table.serves = generation;
    table.read.put(generation, log.size());
    log.add(step.key() + " " + view(step) + " " + table.digest());
    String missing = ungranted.contains(view(step)) ? "role reader is not here" : "";
    return new Outcome.Done(Details.of(Acts.PREVIOUS, before).with(Acts.UNGRANTED, missing));
  }

  private Outcome trimmed(Step step) {
    for (String each : step.arguments().need(Acts.TABLES).split(" ")) {
      String target = each.substring(0, each.lastIndexOf('/'));
      String generation = each.substring(each.lastIndexOf('/') + 1);
      if (table(target).serves.equals(generation)) {
        wrong.add(each + " is dropped, and is served");
      }
      table(target).generations.remove(generation);
      forget(target);
    }
    return DONE;
  }

  private void forget(String target) {
    if (table(target).generations.isEmpty() && table(target).serves.isEmpty()) {
      tables.remove(target);
    }
  }

  private Outcome dropped(Step step) {
    String target = step.arguments().need(Acts.TARGET);
    boolean known =
        rows.items().values().stream()
            .anyMatch(item ->
                item.facts().get(Acts.TARGET, "").equals(target) && item.facts().has(Jobs.DATA));
    boolean back = step.key().equals(Work.BACK) && !dropped.contains(target);
    if (back && known && !table(target).serves.isEmpty()) {
      wrong.add(target + " was published before, and going back drops it");
    }
    tables.remove(target);
    return DONE;
  }

  private Server server(Step step) {
    return servers.computeIfAbsent(Objects.requireNonNull(step.member()), _ -> new Server());
  }

  private Outcome shown(Step step) {
    Thing thing = asked(step);
    if (thing == null) {
      return new Outcome.Failed("the repository says something else by now");
    }
    String key = thing.subject().key();
    if (bad.contains(key)) {
      return new Outcome.Failed("500 Internal Server Error");
    }
    Server server = server(step);
    String data = target(thing).isEmpty() ? "" : table(target(thing)).digest();
    if (!target(thing).isEmpty() && data.isEmpty() && !dropped.contains(target(thing))) {
      wrong.add(key + " is shown, and there is no table");
    }
    guarded(thing, server);
    server.prints.put(key, print(thing));
    server.ever.add(key);
    boolean changed = Boolean.parseBoolean(step.arguments().need(Acts.CHANGED));
    if (changed || !server.columns.containsKey(key)) {
      server.columns.put(key, data);
    }
    return new Outcome.Done(Details.of(Acts.PRINT, print(thing)).with(Acts.WRITES, 1));
  }

  private void guarded(Thing thing, Server server) {
    for (Thing guard : things.values()) {
      boolean guards = guard.subject().sort() == Sort.WORKSPACE;
      boolean wanted = guard.publish().isPresent() && !excluded.containsKey(guard.subject());
      if (guards
          && prompt
          && wanted
          && thing.subject().sort() == Sort.LAYER
          && !server.ever.contains(guard.subject().key())) {
        wrong.add(thing.subject() + " is shown before " + guard.subject());
      }
    }
  }

  static String print(Thing thing) {
    return "p" + wish(thing).face();
  }

  private Outcome hidden(Step step) {
    String key = step.arguments().need(Acts.KEY);
    for (Thing group : things.values()) {
      boolean uses =
          group.publish().isPresent()
              && wish(group).body() instanceof Body.Group body
              && body.members().stream().anyMatch(each -> each.subject().key().equals(key))
              && server(step).prints.containsKey(group.subject().key());
      if (uses) {
        return new Outcome.Failed("referenced by layer group " + group.subject());
      }
    }
    server(step).prints.remove(key);
    server(step).columns.remove(key);
    return DONE;
  }

  /** As the driver's acts inspect themselves; what was there before a swap nobody can say. */
  Inspection inspect(Step step) {
    if (step.member() != null && away.contains(step.member())) {
      return new Inspection.Unknown("no answer");
    }
    Thing thing = step.arguments().has(Acts.KEY) ? asked(step) : null;
    boolean there =
        switch (step.act()) {
          case Acts.FETCH -> fetched.contains(step.key() + step.arguments().need(Acts.ASK));
          case Acts.STAGE ->
              table(view(step))
                      .generations
                      .getOrDefault(step.arguments().need(Acts.GENERATION), "")
                      .length()
                  > 0;
          case Acts.SWAP -> table(view(step)).serves.equals(step.arguments().need(Acts.GENERATION));
          case Acts.DROP -> !tables.containsKey(step.arguments().need(Acts.TARGET));
          case Acts.HIDE -> !server(step).prints.containsKey(step.arguments().need(Acts.KEY));
          case Acts.MARK -> applied.equals(Optional.of(step.arguments().need(Acts.COMMIT)));
          default -> false;
        };
    return there
        ? new Inspection.Applied(Details.NONE)
        : new Inspection.NotApplied(thing == null ? "nobody wants it" : "it is not there");
  }

  Observation<FeedsFacts> look(MemberId member) {
    Host host = new Host(Host.Process.RUNNING, Stamp.NONE, Details.NONE);
    if (away.contains(member)) {
      return new Observation.CannotTell<>("no answer", Host.UNKNOWN);
    }
    return new Observation.Seen<>(facts(member), host);
  }

  private FeedsFacts facts(MemberId member) {
    if (member.equals(FeedsSpec.REPOSITORY)) {
      int behind = applied.filter(head()::equals).isPresent() ? 0 : 1;
      return new FeedsFacts.Repository(
          head(), COMMITTED, applied, behind, things, excluded, troubles, "", unreadable);
    }
    if (!member.equals(FeedsSpec.DATABASE)) {
      Server server = servers.getOrDefault(member, new Server());
      return new FeedsFacts.GeoServer(
          "2.26.2", new TreeSet<>(server.prints.keySet()), server.prints);
    }
    SortedMap<String, FeedsFacts.Served> served = new TreeMap<>();
    SortedMap<String, SortedMap<String, String>> kept = new TreeMap<>();
    tables.forEach((target, table) -> {
      if (!table.serves.isEmpty()) {
        served.put(target, new FeedsFacts.Served(table.serves, table.digest(), 7));
      }
      SortedMap<String, String> others = new TreeMap<>(table.generations);
      others.remove(table.serves);
      if (!others.isEmpty()) {
        kept.put(target, others);
      }
    });
    return new FeedsFacts.Database(served, kept, spare(), schemas);
  }

  private List<FeedsFacts.Spare> spare() {
    SortedMap<Integer, FeedsFacts.Spare> byTime = new TreeMap<>(Comparator.reverseOrder());
    tables.forEach((target, table) ->
        table.read.forEach((generation, when) -> {
          if (table.generations.containsKey(generation) && !generation.equals(table.serves)) {
            byTime.put(when, new FeedsFacts.Spare(target, generation, bytes));
          }
        }));
    return List.copyOf(byTime.values());
  }

  /** What must hold once all has settled. */
  List<String> faults(FeedsSpec spec) {
    List<String> faults = new ArrayList<>(wrong);
    Set<String> targets = new HashSet<>();
    Set<String> keys = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (Thing thing : things.values()) {
      if (thing.publish().isEmpty() || excluded.containsKey(thing.subject())) {
        continue;
      }
      names.add(Jobs.name(thing.subject()));
      keys.add(thing.subject().key());
      if (!target(thing).isEmpty()) {
        targets.add(target(thing));
      }
      inForce(spec, thing, faults);
    }
    if (!tables.keySet().equals(targets)) {
      faults.add("tables " + tables.keySet() + " of " + targets);
    }
    tables.forEach((target, table) -> {
      int keep = spec.database().orElseThrow().keep();
      boolean whole = table.generations.values().stream().noneMatch(String::isEmpty);
      if (!whole || table.generations.size() > keep + 1) {
        faults.add(target + " has " + table.generations);
      }
    });
    servers.forEach((name, server) -> {
      if (!keys.containsAll(server.prints.keySet())) {
        faults.add(name + " shows " + server.prints.keySet() + " of " + keys);
      }
    });
    for (Item item : rows.items().values()) {
      if (!item.sort().equals(Jobs.JOB) || !names.contains(item.name())) {
        faults.add("left over: " + item);
      }
    }
    if (!applied.equals(Optional.of(head()))) {
      faults.add("applied " + applied + " of " + head());
    }
    return faults;
  }

  private void inForce(FeedsSpec spec, Thing thing, List<String> faults) {
    if (!schemas.containsAll(schemas(wish(thing).body()))) {
      faults.add(thing.subject() + " has of its schemas only " + schemas);
    }
    Item row = rows.items().get(Item.key(Jobs.JOB, Jobs.name(thing.subject())));
    boolean noted =
        row != null
            && row.is(Jobs.PUBLISHED)
            && row.facts().get(Jobs.FACE, "").equals(wish(thing).face())
            && row.facts().get(Jobs.DATA, "").equals(wish(thing).data());
    if (!noted) {
      faults.add(thing.subject() + " is noted as " + row);
    }
    String target = target(thing);
    if (!target.isEmpty()) {
      Table table = table(target);
      boolean reads = table.digest().equals(wish(thing).data());
      if (!reads || (row != null && !row.facts().get(Acts.GENERATION, "").equals(table.serves))) {
        faults.add(target + " reads " + table.serves + " of " + table.generations + ", row " + row);
      }
    }
    if (thing.subject().sort() == Sort.ROLES) {
      return;
    }
    for (FeedsSpec.GeoServer each : spec.shown()) {
      Server server = servers.getOrDefault(each.name(), new Server());
      String key = thing.subject().key();
      if (!print(thing).equals(server.prints.get(key))
          || (!target.isEmpty() && !wish(thing).data().equals(server.columns.get(key)))) {
        faults.add(each.name() + " shows " + key + " as " + server.prints + server.columns);
      }
    }
  }
}
