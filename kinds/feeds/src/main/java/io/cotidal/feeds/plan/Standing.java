package io.cotidal.feeds.plan;

import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.model.Item;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** How each job stands: in force, to be done, held up, failing, kept out, or not understood. */
final class Standing {
  /** One job's standing. */
  sealed interface Of {
    /** One sentence for people. */
    String sentence();

    /** It is as its job says. */
    record InForce(String sentence) implements Of {}

    /** It was as its job says, and somebody else changed it; nothing is done about that. */
    record Drifted(String sentence) implements Of {}

    /** It is to be done, or is being done. */
    record Ahead(String sentence) implements Of {}

    /** It waits for another, or for documents. */
    record Held(String sentence) implements Of {}

    /** The last try failed. */
    record Failing(String sentence) implements Of {}

    /** Its job is not understood, or must not be done. */
    record Refused(String sentence) implements Of {}

    /** A filter keeps it out. */
    record Excluded(String sentence) implements Of {}
  }

  private final Picture picture;
  private final FeedsFacts.Repository repository;
  private final Order order;
  private final Set<String> busy;

  Standing(Picture picture, FeedsFacts.Repository repository) {
    this.picture = picture;
    this.repository = repository;
    this.order = new Order(picture, repository);
    this.busy = picture.busy();
  }

  SortedMap<Subject, Of> all() {
    SortedMap<Subject, Of> all = new TreeMap<>();
    repository.things().forEach((subject, thing) -> all.put(subject, of(thing)));
    picture.jobs().all().stream()
        .map(Jobs::subject)
        .filter(subject -> !repository.things().containsKey(subject))
        .forEach(subject ->
            all.put(subject, new Of.Ahead("is published, and no job names it any more")));
    return all;
  }

  /** Whether nothing remains to be done of this revision. */
  boolean settled() {
    return all().values().stream()
        .allMatch(of ->
            of instanceof Of.InForce || of instanceof Of.Excluded || of instanceof Of.Drifted);
  }

  private Of of(Thing thing) {
    Subject subject = thing.subject();
    Optional<Item> item = picture.item(subject);
    String clause = repository.excluded().get(subject);
    if (clause != null) {
      return item.isPresent()
          ? new Of.Ahead("is published, and a filter keeps it out: " + clause)
          : new Of.Excluded("a filter keeps it out: " + clause);
    }
    return switch (thing.wish()) {
      case Thing.Wish.Remove _ ->
          item.isPresent()
              ? new Of.Ahead("is to go, as its job says")
              : new Of.InForce("is gone, as its job says");
      case Thing.Wish.Refused refused -> new Of.Refused(refused.reason());
      case Thing.Wish.Unread unread ->
          unread.documents().stream()
              .map(blob -> repository.troubles().get(blob.toString()))
              .filter(reason -> reason != null)
              .findFirst()
              .<Of>map(Of.Failing::new)
              .orElseGet(() -> new Of.Held("waits for its documents"));
      case Thing.Wish.Publish wish -> published(thing, wish, item);
    };
  }

  private Of published(Thing thing, Thing.Wish.Publish wish, Optional<Item> item) {
    Need need = Need.of(picture, thing, wish);
    if (!need.any() && !need.drift().isEmpty()) {
      return new Of.Drifted(need.drift() + "; repair is off");
    }
    if (!need.any() && busy.contains(picture.name(thing.subject()))) {
      // A view that is back is not all: the GeoServers may not have been told yet.
      return new Of.Ahead("an operation on it has not ended");
    }
    if (!need.any()) {
      boolean held =
          item.map(row -> row.facts().get(Jobs.HELD, "")).orElse("").equals(wish.data())
              && !wish.data().isEmpty();
      return new Of.InForce(held ? "was rolled back, and is held" : "is as its job says");
    }
    Optional<String> waits = order.waits(thing, wish);
    if (waits.isPresent()) {
      return new Of.Held(waits.get());
    }
    boolean failed =
        item.map(row ->
                row.is(Jobs.FAILING) && row.facts().get(Acts.ASK, "").equals(Publish.ask(wish)))
            .orElse(false);
    return failed
        ? new Of.Failing(item.get().facts().get(Jobs.REASON, "failed"))
        : new Of.Ahead(need.reason());
  }
}
