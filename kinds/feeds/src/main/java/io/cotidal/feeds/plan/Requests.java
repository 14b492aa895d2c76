package io.cotidal.feeds.plan;

import io.cotidal.engine.Command;
import io.cotidal.engine.Declined;
import io.cotidal.engine.Declined.Why;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import java.util.Optional;

/** What people ask for, checked and completed before it becomes an operation. */
final class Requests {
  private final Picture picture;

  Requests(Picture picture) {
    this.picture = picture;
  }

  /** The input is kept as it was asked: by it a request that is sent again is known. */
  Details prepare(Command.Begin asked) {
    if (asked.type().equals(RollBack.NAME)) {
      return rollBack(asked);
    }
    if (asked.type().equals(Note.RETRY)) {
      Item item = named(asked);
      return asked.input().with(Acts.NAME, item.name()).with(Acts.KEY, item.facts().need(Acts.KEY));
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
    if (target.isEmpty() || picture.served(target).isEmpty()) {
      throw new Declined(Why.NOT_FOUND, subject + " has no table here that could be rolled back");
    }
    Details input =
        asked
            .input()
            .with(Acts.NAME, item.name())
            .with(Acts.KEY, subject.key())
            .with(Acts.TARGET, target)
            .with(RollBack.WANTED, asked.input().get(Acts.GENERATION, ""));
    if (picture.fresh(FeedsSpec.DATABASE, Optional.of(item))
        && RollBack.choice(picture, input).isEmpty()) {
      throw new Declined(
          Why.NOT_FOUND, subject + " keeps no such generation: " + picture.kept(target).keySet());
    }
    return input;
  }
}
