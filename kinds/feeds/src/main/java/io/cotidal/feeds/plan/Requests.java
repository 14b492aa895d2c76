package io.cotidal.feeds.plan;

import io.cotidal.engine.Command;
import io.cotidal.engine.Declined;
import io.cotidal.engine.Declined.Why;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** What people ask for, checked and completed before it becomes an operation. */
final class Requests {
  private final Picture picture;

  Requests(Picture picture) {
    this.picture = picture;
  }

  Details prepare(Command.Begin asked) {
    if (asked.type().equals(RollBack.NAME)) {
      return rollBack(asked);
    }
    if (asked.type().equals(Note.RETRY)) {
      Item item = named(asked);
      return Details.of(Acts.NAME, item.name()).with(Acts.KEY, item.facts().need(Acts.KEY));
    }
    throw new IllegalArgumentException(asked.type() + " is not asked for: Cotidal plans it itself");
  }

  private Item named(Command.Begin asked) {
    String name = asked.input().need("job");
    return picture.jobs().all().stream()
        .filter(item ->
            item.name().equals(name)
                || item.facts().get(Acts.KEY, "").equals(name)
                || Jobs.subject(item).title().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new Declined(Why.NOT_FOUND, "nothing is published that is called '" + name + "'"));
  }

  private Details rollBack(Command.Begin asked) {
    Item item = named(asked);
    Subject subject = Jobs.subject(item);
    String target = item.facts().get(Acts.TARGET, "");
    FeedsFacts.Served served =
        picture
            .served(target)
            .orElseThrow(() ->
                new Declined(
                    Why.NOT_FOUND, subject + " has no table here that could be rolled back"));
    SortedMap<String, String> kept = picture.kept(target);
    String wanted = asked.input().get(Acts.GENERATION, "");
    Map.Entry<String, String> to =
        kept.entrySet().stream()
            .filter(entry -> !entry.getValue().isEmpty())
            .filter(entry -> wanted.isEmpty() || entry.getKey().equals(wanted))
            .max(Comparator.comparingLong(entry -> Kept.number(entry.getKey())))
            .orElseThrow(() ->
                new Declined(
                    Why.NOT_FOUND,
                    subject
                        + " keeps "
                        + (kept.isEmpty() ? "no earlier generation" : kept.keySet())));
    return Details.of(Acts.NAME, item.name())
        .with(Acts.KEY, subject.key())
        .with(Acts.TARGET, target)
        .with(Acts.GENERATION, to.getKey())
        .with(
            RollBack.FROM,
            picture.fresh(FeedsSpec.DATABASE, Optional.of(item))
                ? served.digest()
                : item.facts().get(Jobs.DATA, served.digest()))
        .with(RollBack.TO, to.getValue());
  }
}
