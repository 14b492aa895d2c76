package io.cotidal.feeds.plan;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Item;
import io.cotidal.model.MemberId;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is known of one replica, in the planner's words. */
final class Picture {
  private final FeedsSpec spec;
  private final State<FeedsFacts> state;
  private final Jobs jobs;
  private final Optional<FeedsFacts.Repository> repository;
  private final Optional<FeedsFacts.Database> database;
  private final List<MemberId> servers;
  private final Map<Subject, String> names = new HashMap<>();

  Picture(FeedsSpec spec, State<FeedsFacts> state) {
    this.spec = spec;
    this.state = state;
    this.jobs = new Jobs(state);
    this.repository =
        facts(state, FeedsSpec.REPOSITORY)
            .filter(FeedsFacts.Repository.class::isInstance)
            .map(FeedsFacts.Repository.class::cast);
    this.database =
        facts(state, FeedsSpec.DATABASE)
            .filter(FeedsFacts.Database.class::isInstance)
            .map(FeedsFacts.Database.class::cast);
    this.servers = spec.shown().stream().map(FeedsSpec.GeoServer::name).toList();
  }

  /** The name of the subject's row. */
  String name(Subject subject) {
    return names.computeIfAbsent(subject, Jobs::name);
  }

  /** Names of the jobs that somebody works on. */
  Set<String> busy() {
    return state
        .holding()
        .map(open -> open.input().get(Acts.NAME, ""))
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toSet());
  }

  /** What a row notes as its time if it is written now. */
  String noted() {
    return state.epoch() + "/" + state.now().nanos() + "/" + state.now().micros();
  }

  /**
   * Whether the latest look at {@code member} began after {@code row} was written: an older one
   * shows what was before. By the monotonic clock for rows of this leadership, which no change of
   * the time of day upsets; by the time of day for those of others, and a time to come says
   * nothing.
   */
  boolean fresh(MemberId member, Optional<Item> row) {
    MemberState<FeedsFacts> known = state.member(member);
    String noted = Jobs.fact(row, Jobs.NOTED);
    if (known == null || noted.isEmpty()) {
      return true;
    }
    int first = noted.indexOf('/');
    int second = noted.indexOf('/', first + 1);
    long epoch = Long.parseLong(noted, 0, first, 10);
    if (state.leading() && epoch == state.epoch()) {
      return known.observedAt() > Long.parseLong(noted, first + 1, second, 10);
    }
    long micros = Long.parseLong(noted, second + 1, noted.length(), 10);
    long looked = state.now().micros() - state.now().nanosSince(known.observedAt()) / 1_000;
    return looked > micros || micros > state.now().micros();
  }

  FeedsSpec spec() {
    return spec;
  }

  State<FeedsFacts> state() {
    return state;
  }

  Jobs jobs() {
    return jobs;
  }

  private Optional<FeedsFacts> facts(MemberId member) {
    return facts(state, member);
  }

  private static Optional<FeedsFacts> facts(State<FeedsFacts> state, MemberId member) {
    MemberState<FeedsFacts> known = state.member(member);
    return Optional.ofNullable(known == null ? null : known.facts());
  }

  /** What the repository said at the latest look, if it could be read then. */
  Optional<FeedsFacts.Repository> repository() {
    return repository;
  }

  Optional<FeedsFacts.Database> database() {
    return database;
  }

  Optional<FeedsFacts.GeoServer> geoserver(MemberId name) {
    return facts(name)
        .filter(FeedsFacts.GeoServer.class::isInstance)
        .map(FeedsFacts.GeoServer.class::cast);
  }

  /** The GeoServers that are told, by name. */
  List<MemberId> servers() {
    return servers;
  }

  /** Those of {@code names} that did not answer the latest look. */
  List<MemberId> silent(List<MemberId> names) {
    return names.stream().filter(name -> geoserver(name).isEmpty()).toList();
  }

  /** What the newest revision says of the subject, unless a filter keeps it out. */
  Optional<Thing> thing(Subject subject) {
    return repository()
        .filter(seen -> !seen.excluded().containsKey(subject))
        .map(seen -> seen.things().get(subject));
  }

  Optional<Item> item(Subject subject) {
    return Optional.ofNullable(state.item(Jobs.JOB, name(subject)));
  }

  /** Where the table of a layer is read, if it has one here. */
  Optional<String> target(Subject subject, Thing.Wish.Publish wish) {
    return wish.body() instanceof Body.Layer layer
            && layer.database()
            && !wish.data().isEmpty()
            && spec.tables()
        ? Optional.of(layer.schemas().view() + "." + subject.name())
        : Optional.empty();
  }

  /** Whether a row of another subject says that it has that table. */
  boolean others(String target, Subject subject) {
    return jobs.all().stream()
        .filter(item -> item.facts().get(Acts.TARGET, "").equals(target))
        .anyMatch(item -> !item.name().equals(name(subject)));
  }

  Optional<FeedsFacts.Served> served(String target) {
    return database().map(seen -> seen.served().get(target));
  }

  /** Generations of a table that are kept beside the one that is read, with their digests. */
  SortedMap<String, String> kept(String target) {
    SortedMap<String, String> none = Collections.unmodifiableSortedMap(new TreeMap<>());
    return database().map(seen -> seen.kept().getOrDefault(target, none)).orElse(none);
  }

  /** Whether GeoServer is told anything of it. */
  boolean shown(Thing.Wish.Publish wish) {
    if (servers().isEmpty()) {
      return false;
    }
    return switch (wish.body()) {
      case Body.Layer layer -> layer.shown();
      case Body.Workspace workspace -> workspace.shown();
      case Body.Rules _ -> !spec.choice().skips().rules();
      case Body.Roles _ -> false;
      case Body.WmsStore _, Body.WmsLayer _, Body.LiveStore _, Body.LiveLayer _, Body.Group _ ->
          true;
    };
  }

  /**
   * Schemas that a published wish needs and that the database has no more, with commas; empty if a
   * look since its row was written saw all of them.
   */
  String lacking(Subject subject, Thing.Wish.Publish wish) {
    Optional<FeedsFacts.Database> seen = database();
    if (seen.isEmpty() || !spec.tables() || !fresh(FeedsSpec.DATABASE, item(subject))) {
      return "";
    }
    return schemas(subject, wish)
        .filter(schema -> !schema.isEmpty() && !seen.get().schemas().contains(schema))
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private Stream<String> schemas(Subject subject, Thing.Wish.Publish wish) {
    if (wish.body() instanceof Body.Workspace workspace && prepared(wish)) {
      Body.Schemas all = workspace.schemas();
      return Stream.of(all.view(), all.data(), all.outdated());
    }
    return wish.body() instanceof Body.Layer layer && target(subject, wish).isPresent()
        ? Stream.of(layer.schemas().view(), layer.schemas().data())
        : Stream.of();
  }

  /** Whether a roles file may grant something upon what a wish publishes. */
  boolean granting(Thing.Wish.Publish wish) {
    return spec.tables()
        && wish.body() instanceof Body.Layer
        && !spec.choice().skips().roles()
        && thing(new Subject(Sort.ROLES, "roles", "")).flatMap(Thing::publish).isPresent();
  }

  /** Whether the database is told something of it that is no table: schemas, grants, roles. */
  boolean prepared(Thing.Wish.Publish wish) {
    return spec.tables()
        && switch (wish.body()) {
          case Body.Workspace workspace -> workspace.database();
          case Body.Roles _ -> !spec.choice().skips().roles();
          case Body.Layer _,
              Body.WmsStore _,
              Body.WmsLayer _,
              Body.LiveStore _,
              Body.LiveLayer _,
              Body.Group _,
              Body.Rules _ ->
              false;
        };
  }
}
