package io.cotidal.app;

import io.cotidal.model.Actor;
import io.cotidal.server.Reconfiguration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up the daemon's own file when nobody waits for the answer: what came of it is a line of the
 * log. What changes for a resource is among that resource's events as well.
 */
final class Reread implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Reread.class);
  private static final int MOST = 5;

  private final Reconfiguration reconfiguration;
  private final Actor actor;

  /** On that one's word. */
  Reread(Reconfiguration reconfiguration, Actor actor) {
    this.reconfiguration = reconfiguration;
    this.actor = actor;
  }

  @Override
  public void run() {
    try {
      Reconfiguration.Request request = new Reconfiguration.Request(actor, Optional.empty(), false);
      switch (reconfiguration.apply(request)) {
        case Reconfiguration.Outcome.Taken taken -> taken(taken.report());
        case Reconfiguration.Outcome.Faulty faulty -> refused(some(faulty.problems()));
        case Reconfiguration.Outcome.Refused refused -> refused(refused.reason());
        case Reconfiguration.Outcome.NotLeading elsewhere -> refused(elsewhere.reason());
      }
    } catch (RuntimeException e) {
      // Nobody else would hear of it: the thread is the signal's.
      log.error("event=configuration-not-reread actor={}", actor, e);
    }
  }

  private void taken(Reconfiguration.Report report) {
    List<String> changes =
        report.changes().stream()
            .map(each -> each.what() + " " + each.state().name().toLowerCase(Locale.ROOT))
            .toList();
    boolean whole =
        report.changes().stream().allMatch(each -> each.state() == Reconfiguration.State.APPLIED);
    if (whole) {
      log.info(
          "event=configuration-reread actor={} changes=\"{}\"",
          actor,
          changes.isEmpty() ? "none" : some(changes));
    } else {
      log.warn(
          "event=configuration-reread actor={} changes=\"{}\" remedy=\"cot apply says why some of"
              + " it is not in force\"",
          actor,
          some(changes));
    }
  }

  private void refused(String reason) {
    log.warn(
        "event=configuration-refused actor={} reason=\"{}\" nothing has changed", actor, reason);
  }

  private static String some(List<String> all) {
    String first = all.stream().limit(MOST).collect(Collectors.joining(" | "));
    int more = all.size() - MOST;
    return (first + (more > 0 ? " | and " + more + " more" : "")).replaceAll("\\s*\\R\\s*", " ");
  }
}
