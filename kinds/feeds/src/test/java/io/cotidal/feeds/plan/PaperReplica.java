package io.cotidal.feeds.plan;

import io.cotidal.engine.paper.Rows;
import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import io.cotidal.model.Outcome;
import io.cotidal.model.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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

  static final Outcome DONE = new Outcome.Done(Details.NONE);

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
  private final PaperTables databaseActs;
  private final PaperGeoServers geoserverActs;
  private final PaperLooks looks;
  private final PaperPromises promises;

  PaperReplica(FeedsSpec spec, Rows rows) {
    this.databaseActs = new PaperTables(this, rows, spec.database().orElseThrow().keep());
    this.geoserverActs = new PaperGeoServers(this);
    this.looks = new PaperLooks(this);
    this.promises = new PaperPromises(this, rows);
    spec.shown().forEach(server -> servers.put(server.name(), new Server()));
  }

  String head() {
    return "r" + revision;
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

  /** The job that a step is for, if it still asks for the same. */
  @Nullable Thing asked(Step step) {
    Thing thing = things.get(Jobs.subject(step.arguments().need(Acts.KEY)).orElseThrow());
    boolean same =
        thing != null
            && thing
                .publish()
                .map(wish -> Publish.ask(wish).equals(step.arguments().need(Acts.ASK)))
                .orElse(false);
    return same ? thing : null;
  }

  static Thing.Wish.Publish wish(Thing thing) {
    return thing.publish().orElseThrow();
  }

  static String target(Thing thing) {
    return wish(thing).body() instanceof Body.Layer layer && !wish(thing).data().isEmpty()
        ? layer.schemas().view() + "." + thing.subject().name()
        : "";
  }

  Table table(String target) {
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
    return databaseActs.begin(step, thing);
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
          schemas.addAll(PaperTables.schemas(wish(thing).body()));
        }
        yield grants ? new Outcome.Failed("role reader is not here") : DONE;
      }
      case Acts.STAGE -> databaseActs.staged(step);
      case Acts.SWAP -> databaseActs.swapped(step);
      case Acts.TRIM -> databaseActs.trimmed(step);
      case Acts.DROP -> databaseActs.dropped(step);
      case Acts.SHOW -> geoserverActs.shown(step);
      case Acts.RESET -> geoserverActs.reset(step);
      case Acts.HIDE -> geoserverActs.hidden(step);
      case Acts.MARK -> {
        applied = Optional.of(step.arguments().need(Acts.COMMIT));
        yield DONE;
      }
      default -> throw new AssertionError(step);
    };
  }

  static String print(Thing thing) {
    return "p" + wish(thing).face();
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
              table(PaperTables.view(step))
                      .generations
                      .getOrDefault(step.arguments().need(Acts.GENERATION), "")
                      .length()
                  > 0;
          case Acts.SWAP ->
              table(PaperTables.view(step)).serves.equals(step.arguments().need(Acts.GENERATION));
          case Acts.DROP -> !tables.containsKey(step.arguments().need(Acts.TARGET));
          case Acts.HIDE -> !geoserverActs.shows(step);
          case Acts.MARK -> applied.equals(Optional.of(step.arguments().need(Acts.COMMIT)));
          default -> false;
        };
    return there
        ? new Inspection.Applied(Details.NONE)
        : new Inspection.NotApplied(thing == null ? "nobody wants it" : "it is not there");
  }

  /** What a look at a member sees. */
  Observation<FeedsFacts> look(MemberId member) {
    return looks.look(member);
  }

  /** What must hold once all has settled, and does not. */
  List<String> faults(FeedsSpec spec) {
    return promises.faults(spec);
  }
}
