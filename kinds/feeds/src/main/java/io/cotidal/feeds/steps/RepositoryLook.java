package io.cotidal.feeds.steps;

import io.cotidal.feeds.filter.Filter;
import io.cotidal.feeds.job.Jobs;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.feeds.repository.Contents;
import io.cotidal.feeds.repository.JobFiles;
import io.cotidal.feeds.repository.Limits;
import io.cotidal.feeds.repository.Pulled;
import io.cotidal.feeds.repository.Repository;
import io.cotidal.feeds.repository.RepositoryException;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.remote.ActFailed;
import io.cotidal.remote.Deadline;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Looks at the state repository: pulls when it is time, reads what changed, and says what each job
 * comes to. Looks run one after the other.
 */
final class RepositoryLook {
  /** Of the time between two pulls, so that a look that comes a little early pulls as well. */
  private static final int NEARLY = 10;

  private final FeedsSpec spec;
  private final Repository repository;
  private final JobFiles files;
  private final Library documents;
  private final Publications publications;
  private final InstantSource clock;

  private long pulledAt = Long.MIN_VALUE;
  private volatile String trouble = "";
  private Read last = new Read("", -1, new TreeMap<>(), new TreeMap<>(), List.of());

  /** What one revision came to, with the documents that were here then. */
  private record Read(
      String head,
      long documents,
      SortedMap<Subject, Thing> things,
      SortedMap<Subject, String> excluded,
      List<String> unreadable) {}

  RepositoryLook(
      FeedsSpec spec,
      Repository repository,
      Library documents,
      Publications publications,
      InstantSource clock) {
    this.spec = spec;
    this.repository = repository;
    this.files = new JobFiles(repository, Limits.USUAL);
    this.documents = documents;
    this.publications = publications;
    this.clock = clock;
  }

  /**
   * What is in the way, or how far what is in force is behind what was pulled, in one line without
   * words if nothing is; empty if nothing was pulled yet.
   */
  Optional<String> standing() {
    String found = trouble;
    return found.isEmpty()
        ? repository
            .known()
            .map(pulled ->
                pulled.current()
                    ? ""
                    : "%d revisions behind, the newest of %s"
                        .formatted(
                            pulled.behind(), Instant.ofEpochSecond(pulled.headTimeSeconds())))
        : Optional.of(found);
  }

  synchronized FeedsFacts.Repository now(Deadline deadline)
      throws RepositoryException, InterruptedException {
    Pulled pulled = pulled(deadline);
    if (!last.head.equals(pulled.head())) {
      // At the first look of a process, what is in force was read with the documents that are here.
      documents.revision(last.head.isEmpty() && pulled.current());
    }
    long version = documents.version();
    if (!last.head.equals(pulled.head()) || last.documents != version) {
      last = read(pulled.head(), version, deadline);
      publications.are(last.things, last.excluded.keySet());
    }
    return new FeedsFacts.Repository(
        pulled.head(),
        pulled.headTimeSeconds(),
        pulled.applied(),
        pulled.behind(),
        last.things,
        last.excluded,
        documents.troubles(),
        trouble,
        last.unreadable);
  }

  /** Where the branch is. A pull that fails leaves what was known, and is told. */
  private Pulled pulled(Deadline deadline) throws RepositoryException, InterruptedException {
    long now = clock.millis();
    Duration poll = spec.pace().poll();
    long due = pulledAt + poll.minus(poll.dividedBy(NEARLY)).toMillis();
    // A clock that stepped back must not put the next pull off.
    boolean early = pulledAt != Long.MIN_VALUE && now >= pulledAt && now < due;
    if (early && repository.known().isPresent()) {
      return repository.known().get();
    }
    pulledAt = now;
    try {
      Pulled fresh = repository.pull(deadline);
      trouble = fresh.rewritten() ? "the history of the repository was rewritten" : "";
      return fresh;
    } catch (RepositoryException e) {
      trouble = ActFailed.line(e);
      return repository.known().orElseThrow(() -> e);
    }
  }

  private Read read(String head, long version, Deadline deadline)
      throws RepositoryException, InterruptedException {
    Contents contents =
        files.of(head, path -> Jobs.interesting(path, spec.choice().channels()), deadline);
    SortedMap<String, String> texts = new TreeMap<>();
    contents
        .files()
        .forEach((path, bytes) -> texts.put(path, new String(bytes, StandardCharsets.UTF_8)));
    List<String> unreadable = new ArrayList<>();
    contents.refused().forEach((path, reason) -> unreadable.add(path + ": " + reason));
    SortedMap<Subject, Thing> things = new TreeMap<>();
    SortedMap<Subject, String> excluded = new TreeMap<>();
    documents.begin();
    for (Thing thing : Jobs.read(texts, spec.choice().channels(), documents)) {
      things.put(thing.subject(), thing);
      Filter filter = filter(thing.subject());
      // Before its documents are here nobody can say whether a filter takes it.
      if (!(thing.wish() instanceof Thing.Wish.Unread)
          && !(thing.wish() instanceof Thing.Wish.Remove)) {
        Filter.Verdict verdict = filter.judge(thing.fields());
        if (!verdict.admitted()) {
          excluded.put(thing.subject(), verdict.clause());
        }
      }
    }
    documents.end();
    return new Read(head, version, things, excluded, unreadable);
  }

  private Filter filter(Subject subject) {
    return switch (subject.sort()) {
      case LAYER, LIVE_STORE, LIVE_LAYER, WORKSPACE -> spec.choice().features();
      case WMS_STORE, WMS_LAYER -> spec.choice().wms();
      case GROUP -> spec.choice().groups();
      case RULES, ROLES -> Filter.ALL;
    };
  }
}
