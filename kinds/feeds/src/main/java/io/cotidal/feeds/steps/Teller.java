package io.cotidal.feeds.steps;

import io.cotidal.feeds.job.Body;
import io.cotidal.feeds.job.Sort;
import io.cotidal.feeds.job.Subject;
import io.cotidal.feeds.job.Thing;
import io.cotidal.feeds.plan.Acts;
import io.cotidal.feeds.report.Delivery;
import io.cotidal.feeds.report.ReportException;
import io.cotidal.feeds.report.Reports;
import io.cotidal.feeds.report.Told;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.remote.ActFailed;
import io.cotidal.remote.Deadline;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the master what becomes of its jobs, in its own words. */
final class Teller implements Act {
  private static final Logger log = LoggerFactory.getLogger(Teller.class);

  /** What the master is told of the program: the original sent the version of its code. */
  private static final String VERSION = "cotidal";

  private final FeedsSpec spec;
  private final Reports reports;
  private final Publications publications;
  private final InstantSource clock;
  private final Optional<Previews> previews;
  private volatile Optional<Instant> syncedAt = Optional.empty();
  private volatile String obstacle = "";

  /** How it stood at the last beat; at the first nobody knows what the master was told before. */
  private volatile String stood = "unknown";

  /** Where what is told goes, and who makes the pictures; nobody does without a GeoServer. */
  record Ways(Reports reports, Optional<Previews> previews) {}

  Teller(FeedsSpec spec, Ways ways, Publications publications, InstantSource clock) {
    this.spec = spec;
    this.reports = ways.reports();
    this.previews = ways.previews();
    this.publications = publications;
    this.clock = clock;
  }

  /** Notes what became of one job; it is delivered with the next beat. */
  @Override
  public Details act(Turn turn) throws ActFailed, InterruptedException {
    Subject subject = turn.subject();
    Instant now = clock.instant();
    syncedAt = Optional.of(now);
    try {
      reports.tell(told(subject, turn, now));
    } catch (ReportException e) {
      throw ActFailed.because(e);
    }
    return Details.NONE;
  }

  /** What is told twice about one thing is told once: the newer record replaces the older. */
  @Override
  public Inspection inspect(Turn turn) {
    return new Inspection.NotApplied("it is noted again, which changes nothing");
  }

  private Told told(Subject subject, Turn turn, Instant now) throws InterruptedException {
    String outcome = turn.need(Acts.OUTCOME);
    String message = turn.step().arguments().get(Acts.MESSAGE, "");
    Optional<Thing> thing =
        publications
            .find(subject, turn.step().arguments().get(Acts.ASK, ""))
            .or(() -> Optional.ofNullable(publications.current().get(subject)));
    Previews.Sent picture =
        outcome.equals(Acts.PUBLISHED) && thing.isPresent() && previews.isPresent()
            ? previews.get().send(thing.get(), turn.deadline())
            : Previews.Sent.NONE;
    if (!picture.trouble().isEmpty()) {
      message += (message.isEmpty() ? "" : "; ") + "no preview: " + picture.trouble();
    }
    if (subject.sort() != Sort.LAYER) {
      String type = subject.sort().name().toLowerCase(Locale.ROOT);
      String action = outcome.equals(Acts.WITHDRAWN) ? "remove" : "publish";
      boolean ok = !outcome.equals(Acts.FAILED);
      return new Told.TaskDone(now, type, subject.title(), action, ok, message, picture.file());
    }
    String job = thing.map(each -> each.origin().job()).orElse("");
    String batch = thing.map(each -> each.origin().batch()).orElse("");
    String type = thing.map(Teller::spatialType).orElse("");
    String publish = Told.publish(subject);
    return switch (outcome) {
      case Acts.WITHDRAWN -> new Told.Withdrawn(now, publish);
      case Acts.PUBLISHED ->
          new Told.Published(now, publish, type, job, batch, message, picture.file());
      default -> new Told.FailedToPublish(now, publish, type, job, batch, message);
    };
  }

  private static String spatialType(Thing thing) {
    return thing
        .publish()
        .map(wish -> wish.body() instanceof Body.Layer layer ? layer.spatialType() : "")
        .orElse("");
  }

  /**
   * This replica is alive: says so, and brings what waits. What is in the way is told once.
   *
   * @param standing how it stands; no words if all is in force, and empty if nobody knows yet
   */
  void beat(Optional<String> standing, Deadline deadline) throws InterruptedException {
    Instant now = clock.instant();
    String message = standing.orElse("");
    // What the master was told of the way that lay ahead must not outlive it.
    if (standing.isPresent() && message.isEmpty() && !stood.isEmpty() && syncedAt.isEmpty()) {
      syncedAt = Optional.of(now);
    }
    stood = standing.orElse(stood);
    Optional<Instant> synced = syncedAt;
    try {
      reports.tell(new Told.Polled(now, VERSION, spec.choice().channels(), synced, message));
      String found =
          switch (reports.deliver(deadline)) {
            case Delivery.Delivered _ -> "";
            case Delivery.Waiting waiting -> waiting.reason();
          };
      if (found.isEmpty()) {
        syncedAt = synced.equals(syncedAt) ? Optional.empty() : syncedAt;
      }
      said(found);
    } catch (ReportException e) {
      said(ActFailed.line(e));
    }
  }

  /** Why reports wait; empty if the last ones have arrived. */
  String obstacle() {
    return obstacle;
  }

  private void said(String found) {
    if (!found.isEmpty() && !found.equals(obstacle)) {
      log.warn("event=reports-wait replica={} reason=\"{}\"", spec.id(), found);
    }
    obstacle = found;
  }

  void close() {
    reports.close();
  }
}
