package io.cotidal.feeds.plan;

import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.model.Item;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What must be in force before a thing may be: nobody reads what grants and rules do not guard yet,
 * and no layer is told before its store. A thing waits for those alone, and for no phase.
 */
final class Order {
  private final Picture picture;
  private final FeedsFacts.Repository repository;
  private final List<Subject> guards = new ArrayList<>();

  /** Who has a table, if more than one job names it; found out when somebody first asks. */
  private final Map<String, Subject> tables = new HashMap<>();

  Order(Picture picture, FeedsFacts.Repository repository) {
    this.picture = picture;
    this.repository = repository;
    for (Thing thing : repository.things().values()) {
      boolean roles =
          thing.subject().sort() == Sort.ROLES && !picture.spec().choice().skips().roles();
      boolean rules =
          thing.subject().sort() == Sort.RULES && !picture.spec().choice().skips().rules();
      if (roles || rules) {
        guards.add(thing.subject());
      }
    }
  }

  /** Of jobs that name one table the one that has it keeps it; else the first takes it. */
  private Map<String, Subject> tables() {
    if (!tables.isEmpty()) {
      return tables;
    }
    for (Thing thing : repository.things().values()) {
      Optional<String> target =
          thing.publish().flatMap(wish -> picture.target(thing.subject(), wish));
      if (target.isPresent() && !repository.excluded().containsKey(thing.subject())) {
        boolean has =
            Jobs.fact(picture.item(thing.subject()), Acts.TARGET).equals(target.get())
                && picture.item(thing.subject()).filter(Jobs::published).isPresent();
        tables.merge(target.get(), thing.subject(), (one, other) -> has ? other : one);
      }
    }
    return tables;
  }

  private Optional<String> taken(Subject subject, Thing.Wish.Publish wish) {
    return picture
        .target(subject, wish)
        .filter(target -> !subject.equals(tables().getOrDefault(target, subject)))
        .map(target -> "waits for " + tables.get(target) + ", which has the table " + target);
  }

  /** What it waits for, in one sentence; empty if it need not. */
  Optional<String> waits(Thing thing, Thing.Wish.Publish wish) {
    return taken(thing.subject(), wish)
        .or(() ->
            before(thing, wish.body()).stream()
                .flatMap(subject -> pending(subject).stream())
                .findFirst());
  }

  private List<Subject> before(Thing thing, Body body) {
    Subject subject = thing.subject();
    List<Subject> all = new ArrayList<>();
    if (subject.sort() == Sort.ROLES) {
      return all;
    }
    for (Subject guard : guards) {
      boolean roles = guard.sort() == Sort.ROLES;
      boolean rules = subject.sort() != Sort.RULES && guard.workspace().equals(thing.channel());
      if (roles || rules) {
        all.add(guard);
      }
    }
    if (subject.sort() != Sort.WORKSPACE && subject.sort() != Sort.RULES) {
      all.add(new Subject(Sort.WORKSPACE, subject.workspace(), ""));
    }
    switch (body) {
      case Body.WmsLayer layer ->
          all.add(new Subject(Sort.WMS_STORE, subject.workspace(), layer.store()));
      case Body.LiveLayer layer ->
          all.add(new Subject(Sort.LIVE_STORE, subject.workspace(), layer.store()));
      case Body.Group group -> group.members().forEach(member -> all.add(member.subject()));
      case Body.Layer _,
          Body.WmsStore _,
          Body.LiveStore _,
          Body.Workspace _,
          Body.Rules _,
          Body.Roles _ -> {}
    }
    return all;
  }

  /** Why {@code subject} is not in force; empty if it is, or if no job here speaks of it. */
  private Optional<String> pending(Subject subject) {
    Thing thing = repository.things().get(subject);
    if (thing == null || repository.excluded().containsKey(subject)) {
      return Optional.empty();
    }
    return switch (thing.wish()) {
      case Thing.Wish.Remove _ -> Optional.empty();
      case Thing.Wish.Unread _ -> Optional.of("waits for the documents of " + subject);
      case Thing.Wish.Refused refused ->
          Optional.of("waits for " + subject + ": " + refused.reason());
      case Thing.Wish.Publish wish -> {
        Optional<Item> item = picture.item(subject);
        boolean told =
            item.map(row -> row.facts().get(Jobs.FACE, "").equals(Asks.face(wish))).orElse(false);
        // A group may show its member in the state before; what guards must be in force as it is.
        boolean guards = subject.sort() == Sort.WORKSPACE || !subject.sort().foldered();
        boolean enough =
            (guards ? told : item.map(Jobs::published).orElse(false)) && known(wish, item);
        yield enough ? Optional.empty() : Optional.of("waits for " + subject + reason(item));
      }
    };
  }

  /** Whether each GeoServer that answers has been told of it: one may have been away. */
  private boolean known(Thing.Wish.Publish wish, Optional<Item> item) {
    return !picture.shown(wish)
        || picture.servers().stream()
            .filter(server -> picture.geoserver(server).isPresent())
            .noneMatch(server -> Jobs.fact(item, Jobs.print(server)).isEmpty());
  }

  private static String reason(Optional<Item> item) {
    String reason = item.map(row -> row.facts().get(Jobs.REASON, "")).orElse("");
    return reason.isEmpty() ? "" : ": " + reason;
  }
}
