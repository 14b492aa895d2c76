package io.cotidal.feeds.repository;

import io.cotidal.feeds.repository.Commands.Call;
import io.cotidal.feeds.repository.RepositoryException.Kind;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the branch of a clone of Mercurial is, by ancestry. */
final class HgHistory {
  private static final long LISTING = 64L << 20;

  private final HgClone clone;
  private final Map<String, String> pending;

  /**
   * Makes one.
   *
   * @param pending further environment: in a hook, what lets Mercurial see the open transaction
   */
  HgHistory(HgClone clone, Map<String, String> pending) {
    this.clone = clone;
    this.pending = Map.copyOf(pending);
  }

  private Call call(String... arguments) {
    return clone.reading(List.of(arguments)).with(pending);
  }

  /** Newest commit of the branch, and when it was made. */
  record Head(String id, long seconds) {}

  Head head(Deadline deadline) throws RepositoryException, InterruptedException {
    String branch = clone.branch();
    try {
      String text =
          clone.ask(
              call(
                  "log",
                  "--rev=max(head() and branch(\"literal:%s\") and not closed())".formatted(branch),
                  "--template={node} {date|hgdate}\\n"),
              deadline);
      String[] words = text.strip().split(" ", -1);
      if (words.length < 2 || !words[1].matches("-?[0-9]{1,18}")) {
        throw new RepositoryException(
            Kind.BROKEN,
            "repository %s: branch '%s' has no open head".formatted(clone.shown(), branch));
      }
      return new Head(words[0], Long.parseLong(words[1]));
    } catch (IOException e) {
      throw Complaint.of(clone.shown(), e, deadline);
    }
  }

  /** How far {@code applied} is behind. */
  Pulled compare(Head head, Optional<String> applied, Deadline deadline)
      throws RepositoryException, InterruptedException {
    if (applied.filter(head.id::equals).isPresent()) {
      return new Pulled(head.id, applied, 0, head.seconds, false);
    }
    // What was applied may be unknown by now: then everything is new.
    String old = applied.map(id -> "present(id('" + id + "'))").orElse("none()");
    String rev = "--rev=only(id('%1$s'), %2$s) + (%2$s and ::id('%1$s'))".formatted(head.id, old);
    try {
      List<String> found =
          clone
              .ask(call("log", rev, "--template={node}\\n").most(LISTING), deadline)
              .lines()
              .toList();
      boolean ancestor = applied.isPresent() && found.contains(applied.get());
      return new Pulled(
          head.id,
          applied,
          ancestor ? found.size() - 1 : found.size(),
          head.seconds,
          applied.isPresent() && !ancestor);
    } catch (IOException e) {
      throw Complaint.of(clone.shown(), e, deadline);
    }
  }

  /** Whether {@code older} is {@code newer}, or one that it came from. */
  boolean ancestor(String older, String newer, Deadline deadline)
      throws RepositoryException, InterruptedException {
    try {
      String rev = "--rev=present(id('%s')) and ::present(id('%s'))".formatted(older, newer);
      return !clone.ask(call("log", rev, "--template={node}\\n"), deadline).isBlank();
    } catch (IOException e) {
      throw Complaint.of(clone.shown(), e, deadline);
    }
  }
}
