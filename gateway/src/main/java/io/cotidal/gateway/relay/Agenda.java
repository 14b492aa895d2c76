package io.cotidal.gateway.relay;

import io.cotidal.gateway.outbox.Open;
import io.cotidal.gateway.request.Subject;
import io.cotidal.model.MemberId;
import io.cotidal.objects.names.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * When each container that is open is carried: at once when it has changed, later each time that it
 * is held up, and as soon as a site is asked again that was silent. Moments are readings of {@link
 * System#nanoTime()}. Not thread-safe.
 */
final class Agenda {
  private static final Duration LEAST = Duration.ofMillis(50);
  private static final Backoff HOLDS = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));

  /** After so many attempts that were held up, somebody should look. */
  private static final int HELD = 3;

  private final int most;
  private final Rests rests;
  private final RandomGenerator chance;
  private final Map<Subject, Job> jobs = new HashMap<>();
  private int running;

  /**
   * Of nothing yet.
   *
   * @param most side by side, at most
   */
  Agenda(int most, Rests rests, RandomGenerator chance) {
    this.most = most;
    this.rests = rests;
    this.chance = chance;
  }

  /** What is known of one. */
  private static final class Job {
    private Timestamp since = Timestamp.NEVER;
    private long version;
    private long due;
    private Set<MemberId> awaited = Set.of();
    private int holds;
    private boolean running;
    private String why = "";

    boolean knows(Open open) {
      return version == open.version() && since.equals(open.since());
    }
  }

  /**
   * What is to be done now.
   *
   * @param begin these, which are running from now on
   * @param nanos for so long nothing else is due, at most {@code pulse}
   */
  record Due(List<Open> begin, long nanos) {}

  /**
   * Looks what is due.
   *
   * @param all what is open
   * @param pulse the longest wait
   */
  Due due(List<Open> all, long now, Duration pulse) {
    long wait = pulse.toNanos();
    List<Open> begin = new ArrayList<>();
    for (Open open : all) {
      if (!open.ready()) {
        continue;
      }
      Job job = jobs.computeIfAbsent(open.subject(), _ -> new Job());
      if (job.running) {
        continue;
      }
      if (!job.knows(open)) {
        job.since = open.since();
        job.version = open.version();
        job.due = now;
        job.awaited = Set.of();
        job.holds = 0;
      }
      long left = Math.max(job.due, rests.until(job.awaited, now)) - now;
      if (left > 0) {
        wait = Math.min(wait, left);
      } else if (running < most) {
        job.running = true;
        running++;
        begin.add(open);
      }
    }
    forget(all);
    return new Due(begin, wait);
  }

  private void forget(List<Open> all) {
    if (jobs.size() > 2 * all.size() + most) {
      Set<Subject> open = all.stream().map(Open::subject).collect(Collectors.toSet());
      jobs.entrySet().removeIf(each -> !each.getValue().running && !open.contains(each.getKey()));
    }
  }

  /**
   * One that was begun has ended.
   *
   * @return why it is held up, if that is another reason than before
   */
  Optional<String> ended(Subject subject, Carried carried, long now) {
    Job job = jobs.get(subject);
    if (job == null) {
      throw new IllegalStateException("it was not begun: " + subject);
    }
    job.running = false;
    running--;
    String before = job.why;
    job.why = String.join("; ", carried.why());
    job.awaited = Set.of();
    if (carried.settled()) {
      // If it could not be written down that it is, it is looked at once more.
      job.due = now + HOLDS.most().toNanos();
    } else if (carried.why().isEmpty() && !carried.silent().isEmpty()) {
      // As soon as one of them answers somebody else.
      job.awaited = carried.silent();
      job.due = now + LEAST.toNanos();
      job.why = "no answer from " + carried.silent();
    } else {
      job.holds++;
      job.due = now + HOLDS.pause(job.holds, chance).toNanos();
      return job.why.equals(before) ? Optional.empty() : Optional.of(job.why);
    }
    return Optional.empty();
  }

  /** How it is with one that waits. */
  Relay.Waiting waiting(Open open) {
    Job job = jobs.get(open.subject());
    return job == null
        ? new Relay.Waiting(open, "", false)
        : new Relay.Waiting(open, job.why, job.holds >= HELD);
  }
}
