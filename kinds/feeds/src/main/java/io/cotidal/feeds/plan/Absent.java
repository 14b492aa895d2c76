package io.cotidal.feeds.plan;

import io.cotidal.engine.Brake;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.model.Item;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is published and no job asks for any more, though none says that it shall go either: its job
 * file is gone, its channel is not listened to, or a filter keeps it out. More than a few of them
 * at once look like a mistake, and wait for a person.
 */
final class Absent {
  private final Picture picture;
  private final FeedsFacts.Repository repository;

  Absent(Picture picture, FeedsFacts.Repository repository) {
    this.picture = picture;
    this.repository = repository;
  }

  /** Who is absent, with the reason. */
  SortedMap<Subject, String> reasons() {
    SortedMap<Subject, String> gone = new TreeMap<>();
    for (Item item : picture.jobs().all()) {
      Subject subject = Jobs.subject(item);
      Thing thing = repository.things().get(subject);
      String clause = repository.excluded().get(subject);
      if (clause != null) {
        gone.put(subject, "a filter keeps it out: " + clause);
      } else if (thing == null) {
        gone.put(subject, "no job names it any more");
      }
    }
    return gone;
  }

  /** Whether so many may go by themselves. */
  Brake brake(int absent) {
    int went =
        (int)
            picture.state().ledger().entries().keySet().stream()
                .filter(name -> name.startsWith(Withdraw.GONE))
                .count();
    int known =
        picture
            .state()
            .ledger()
            .find(Withdraw.KNOWN)
            .map(Integer::parseInt)
            .orElseGet(() -> published(picture));
    return new Brake(known, absent + went, "");
  }

  /** How many jobs are published. */
  static int published(Picture picture) {
    return (int) picture.jobs().all().stream().filter(Jobs::published).count();
  }
}
