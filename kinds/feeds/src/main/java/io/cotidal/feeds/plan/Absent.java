package io.cotidal.feeds.plan;

import io.cotidal.engine.Brake;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.model.Details;
import io.cotidal.model.Item;
import io.cotidal.model.ItemChange;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is published and no job asks for any more, though none says that it shall go either: its job
 * file is gone, its channel is not listened to, or a filter keeps it out. More than a few of them
 * at once look like a mistake, and wait for a person.
 */
final class Absent {
  /** The sort of items that count who went because they were absent. */
  static final String GONE = "gone";

  /** How many jobs were published when the first of those went. */
  static final String KNOWN = "known";

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
      String clause = repository.excluded().get(subject);
      if (clause != null) {
        gone.put(subject, "a filter keeps it out: " + clause);
      } else if (!repository.things().containsKey(subject) && !unreadable(subject)) {
        gone.put(subject, "no job names it any more");
      }
    }
    return gone;
  }

  /** A file that lies where its job would, and cannot be read, may be its job. */
  private boolean unreadable(Subject subject) {
    if (repository.unreadable().isEmpty()) {
      return false;
    }
    String file =
        subject.sort().foldered()
            ? subject.sort().folder() + "/" + subject.title() + ".json"
            : subject.sort().folder();
    return repository.unreadable().stream().anyMatch(each -> each.contains(file));
  }

  /** Whether so many may go by themselves. Those that have gone so far are counted with them. */
  Brake brake(Collection<Subject> absent) {
    Set<String> gone = new HashSet<>();
    picture.state().items(GONE).forEach(item -> gone.add(item.name()));
    // Nothing is lost with a row of which nothing was ever published.
    absent.stream()
        .filter(subject -> picture.item(subject).filter(Jobs::published).isPresent())
        .forEach(subject -> gone.add(picture.name(subject)));
    return new Brake(known(picture), gone.size(), "");
  }

  /** What is noted of one that goes because it is absent. */
  static ItemChange going(Picture picture, Subject subject) {
    return new ItemChange.Put(
        GONE, Jobs.name(subject), "", "gone", Details.of(KNOWN, known(picture)), 0);
  }

  /** Who came since the first of those went says nothing about how many may go. */
  private static int known(Picture picture) {
    return picture.state().items(GONE).stream()
        .mapToInt(item -> (int) Jobs.number(item, KNOWN))
        .max()
        .orElseGet(() -> published(picture));
  }

  /** How many jobs are published. */
  static int published(Picture picture) {
    return (int) picture.jobs().all().stream().filter(Jobs::published).count();
  }
}
