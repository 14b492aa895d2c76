package io.cotidal.app.reload;

import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.Explained;
import io.cotidal.app.config.Loaded;
import io.cotidal.app.config.Problem;
import io.cotidal.app.config.Rereading;
import io.cotidal.app.kinds.Wing;
import io.cotidal.model.ResourceId;
import io.cotidal.remote.Deadline;
import io.cotidal.runtime.Daemon;
import io.cotidal.runtime.Managed;
import io.cotidal.server.Doctor;
import io.cotidal.server.Reconfiguration;
import io.cotidal.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes up a changed configuration: all of it is validated first, then resource after resource is
 * run anew, begun or let go of. Thread-safe; one at a time.
 */
public final class Reload implements Reconfiguration {
  private static final Logger log = LoggerFactory.getLogger(Reload.class);

  private final Ground ground;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by lock.
  private final Running running;

  /**
   * What it works on.
   *
   * @param file where the configuration is found again
   * @param wings by kind, as they run
   */
  public record Ground(Rereading file, Daemon daemon, Records records, List<Running.Of> wings) {
    /** Copies the list. */
    public Ground {
      wings = List.copyOf(wings);
    }
  }

  /** With the configuration that the daemon has been built with. */
  public Reload(Configuration configuration, Ground ground) {
    this.ground = ground;
    this.running = new Running(Parts.of(configuration), ground.daemon(), ground.records());
    running.announce();
  }

  @Override
  public Outcome apply(Request request) {
    if (ground.file().place().isEmpty()) {
      return Reconfiguration.NONE.apply(request);
    }
    Judged judged;
    lock.lock();
    try {
      judged =
          switch (request.text().map(ground.file()::judge).orElseGet(ground.file()::read)) {
            case Loaded.Invalid invalid ->
                new Judged.Ended(
                    new Outcome.Faulty(
                        invalid.problems().stream().map(Problem::toString).toList()));
            case Loaded.Valid valid -> judged(request, valid.configuration());
          };
    } finally {
      lock.unlock();
    }
    return switch (judged) {
      case Judged.Ended ended -> ended.outcome();
      // Servers may be asked for it, and nobody shall wait for that.
      case Judged.Rehearsed only -> taken(false, foreseen(only.next(), only.changes()));
    };
  }

  private sealed interface Judged {
    record Ended(Outcome outcome) implements Judged {}

    /** Nothing is done; what would be is still to be told. */
    record Rehearsed(Configuration next, Changes changes) implements Judged {}
  }

  private Judged judged(Request request, Configuration next) {
    Parts parts = Parts.of(next);
    Changes changes = Changes.between(running.parts(), parts, this::exchange);
    List<String> problems = hollow(next) ? List.of(hollow()) : objections(next, changes);
    if (!problems.isEmpty()) {
      return new Judged.Ended(new Outcome.Faulty(problems));
    }
    return request.dryRun()
        ? new Judged.Rehearsed(next, changes)
        : new Judged.Ended(applied(request, next, parts, changes));
  }

  private Outcome applied(Request request, Configuration next, Parts parts, Changes changes) {
    Optional<String> other = otherText(request);
    if (other.isPresent()) {
      return new Outcome.Refused(other.get());
    }
    boolean leads = ground.daemon().leader().isEmpty();
    Optional<String> stranger = leads ? Optional.empty() : stranger(parts, changes);
    if (stranger.isPresent()) {
      return new Outcome.NotLeading(stranger.get());
    }
    return taken(true, carryOut(request, next, parts, changes));
  }

  /**
   * Whether no value comes from the file: an editor or a copy is at work on it, more likely than
   * not, for a daemon that shall manage nothing needs no configuration that says so.
   */
  private boolean hollow(Configuration next) {
    return !running.parts().resources().isEmpty()
        && next.values().stream().noneMatch(Explained::fromFile);
  }

  private Outcome taken(boolean applied, List<Change> changes) {
    return new Outcome.Taken(new Report(ground.file().place(), applied, changes));
  }

  private String hollow() {
    return ground.file().place()
        + ": nothing is written in it, and all would be released; write it, or stop the daemon";
  }

  private Optional<Wing.Exchange> exchange(ResourceId id) {
    return ground.wings().stream()
        .filter(each -> each.kind().equals(id.kind()))
        .findFirst()
        .flatMap(each -> each.open().exchange());
  }

  private List<String> objections(Configuration next, Changes changes) {
    List<String> problems = new ArrayList<>();
    for (Changes.One one : changes.possible()) {
      ground
          .daemon()
          .resource(one.id())
          .flatMap(view -> exchange(one.id()).flatMap(kind -> kind.objection(next, view)))
          .ifPresent(reason -> problems.add(one.id() + ": " + reason));
    }
    return problems;
  }

  /** What would be done, with what would come of it. */
  private List<Change> foreseen(Configuration next, Changes changes) {
    Foresight.Ask ask =
        (id, deadline) ->
            exchange(id).map(kind -> kind.foreseen(next, id, deadline)).orElse(List.of());
    return Foresight.of(changes, ask, Deadline.in(Foresight.PATIENCE)).planned();
  }

  /** A daemon starts with its own file, so that is what it must run. */
  private Optional<String> otherText(Request request) {
    return request.text().isEmpty() || request.text().equals(ground.file().text())
        ? Optional.empty()
        : Optional.of(
            "the daemon reads "
                + ground.file().place()
                + ", and what was sent is not what stands there; put it there, then apply");
  }

  /** What a daemon that does not lead would run and nobody has on record, in one sentence. */
  private Optional<String> stranger(Parts parts, Changes changes) {
    try {
      return unrecorded(parts, changes);
    } catch (RuntimeException e) {
      return Optional.of(
          "this daemon does not lead ("
              + ground.daemon().leader()
              + "), and what is of record cannot be read ("
              + sentence(e)
              + "); apply again when the store answers");
    }
  }

  private Optional<String> unrecorded(Parts parts, Changes changes) {
    for (Changes.One one : changes.possible()) {
      Optional<Fingerprint> would =
          Optional.ofNullable(parts.resources().get(one.id())).map(Part::shared);
      if (!ground.records().ofRecord(one.id(), would)) {
        return Optional.of(
            one.id()
                + ": it would be another than the one of record; apply it where the leader is ("
                + ground.daemon().leader()
                + "), then here");
      }
    }
    return Optional.empty();
  }

  private List<Change> carryOut(Request request, Configuration next, Parts parts, Changes changes) {
    List<Change> made = new ArrayList<>();
    TreeSet<ResourceId> changed = new TreeSet<>();
    for (Changes.One one : changes.possible()) {
      Change change = attempt(new Running.Step(one.id(), request.actor()), one, next, parts);
      made.add(change);
      if (change.state() == State.APPLIED) {
        changed.add(one.id());
      }
    }
    for (Running.Of wing : ground.wings()) {
      TreeSet<ResourceId> its =
          changed.stream()
              .filter(id -> id.kind().equals(wing.kind()))
              .collect(Collectors.toCollection(TreeSet::new));
      if (!its.isEmpty()) {
        wing.open().exchange().ifPresent(kind -> kind.applied(next, its));
      }
    }
    running.confirm(request.actor(), changed);
    made.addAll(changes.restarts());
    return made;
  }

  /** One that cannot be done must not keep what the others have become from being followed. */
  private Change attempt(Running.Step step, Changes.One one, Configuration next, Parts parts) {
    try {
      boolean done =
          switch (one.how()) {
            case ADDED -> running.begin(step, part(parts, one), managed(next, one));
            case CHANGED -> running.replace(step, part(parts, one), managed(next, one));
            case RELEASED -> running.release(step);
          };
      return done ? one.applied() : one.busy();
    } catch (StoreException e) {
      log.warn("event=change-failed resource={} reason=\"{}\"", one.id(), sentence(e));
      return one.failed(sentence(e));
    } catch (RuntimeException e) {
      log.error("event=change-failed resource={}", one.id(), e);
      return one.failed(sentence(e));
    }
  }

  private static String sentence(RuntimeException e) {
    String message = e.getMessage();
    return (message == null ? e.getClass().getSimpleName() : message)
        .replaceAll("\\s*\\R\\s*", " ");
  }

  private static Part part(Parts parts, Changes.One one) {
    Part part = parts.resources().get(one.id());
    if (part == null) {
      throw new IllegalStateException(one.id() + " is to run and is not configured");
    }
    return part;
  }

  private Managed<?, ?> managed(Configuration next, Changes.One one) {
    return exchange(one.id()).orElseThrow().resource(next, one.id());
  }

  @Override
  public Standing standing() {
    return new Standing(ground.file().place(), new OnRecord(ground.records()).all());
  }

  /** Whether file, daemon and store say the same. */
  public List<Doctor.Check> checks() {
    List<Doctor.Check> checks = new ArrayList<>(new OnRecord(ground.records()).checks());
    fileCheck().ifPresent(checks::add);
    return checks;
  }

  private Optional<Doctor.Check> fileCheck() {
    if (ground.file().place().isEmpty()) {
      return Optional.empty();
    }
    String name = "configuration";
    lock.lock();
    try {
      return Optional.of(
          switch (ground.file().read()) {
            case Loaded.Invalid invalid ->
                Doctor.Check.ill(
                    name,
                    ground.file().place() + " has changed and cannot be used",
                    invalid.problems().getFirst().toString());
            case Loaded.Valid valid -> fileCheck(name, valid.configuration());
          });
    } finally {
      lock.unlock();
    }
  }

  private Doctor.Check fileCheck(String name, Configuration now) {
    Changes changes = Changes.between(running.parts(), Parts.of(now), this::exchange);
    List<String> what = changes.planned().stream().map(Change::what).toList();
    return what.isEmpty()
        ? Doctor.Check.well(name, ground.file().place() + " is in force")
        : Doctor.Check.ill(
            name,
            ground.file().place() + " is not in force yet: " + String.join(", ", what),
            "cot diff --file shows it, cot apply takes it up");
  }
}
