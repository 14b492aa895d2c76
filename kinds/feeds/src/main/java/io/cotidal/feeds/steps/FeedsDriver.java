package io.cotidal.feeds.steps;

import io.cotidal.engine.Driver;
import io.cotidal.engine.State;
import io.cotidal.feeds.actions.FeedsActions;
import io.cotidal.feeds.observe.FeedsFacts;
import io.cotidal.feeds.plan.Acts;
import io.cotidal.feeds.plan.Explanations;
import io.cotidal.feeds.repository.HgHook;
import io.cotidal.feeds.spec.FeedsSpec;
import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import io.cotidal.model.Outcome;
import io.cotidal.model.Progress;
import io.cotidal.model.Report;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Gate;
import io.cotidal.remote.LocalProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The real repository, database and GeoServers of one replica. A gate for each member keeps the
 * epoch; each job has a gate of its own beside it, so that jobs are worked on side by side.
 * Thread-safe.
 */
public final class FeedsDriver implements Driver<FeedsFacts> {
  private static final Logger log = LoggerFactory.getLogger(FeedsDriver.class);

  /** What these leave half-done counts for nothing, and is found by whoever does it again. */
  private static final Set<String> INTERRUPTIBLE = Set.of(Acts.LEARN, Acts.FETCH, Acts.STAGE);

  private final FeedsSpec spec;
  private final BenchSource source;
  private final LocalProcesses processes;
  private final Path gates;

  /** Of the replica that {@code spec} says; nothing is touched yet. */
  public FeedsDriver(FeedsSpec spec, InstantSource clock) {
    this(spec, clock, Optional.empty());
  }

  /**
   * The same.
   *
   * @param hook the transaction of Mercurial whose hook this process is: what it brings is looked
   *     at before it is closed
   */
  public FeedsDriver(FeedsSpec spec, InstantSource clock, Optional<HgHook> hook) {
    this(spec, new BenchSource(spec, clock, hook), new LocalProcesses());
  }

  FeedsDriver(FeedsSpec spec, BenchSource source, LocalProcesses processes) {
    this.spec = spec;
    this.source = source;
    this.processes = processes;
    this.gates = Layout.gates(spec);
  }

  private Gate gate(MemberId member) {
    return new Gate(gates.resolve(member.name()).resolve("data"), processes);
  }

  private Gate gate(Step step) {
    String name = step.arguments().get(Acts.NAME, step.act());
    String place = step.member() + "." + name;
    return new Gate(
        gates.resolve("jobs").resolve(place).resolve("data"), processes, Gate.Memory.WHILE_UP);
  }

  @Override
  public Observation<FeedsFacts> observe(MemberId member, Duration deadline) {
    Host host = Host.UNKNOWN;
    try {
      host = new Host(Host.Process.RUNNING, gate(member).remembered(), Details.NONE);
      return new Observation.Seen<>(source.get().look(member, Deadline.in(deadline)), host);
    } catch (LookFailed e) {
      return switch (e.what()) {
        case REFUSED -> new Observation.Refused<>(e.line(), host);
        case SILENT -> new Observation.Silent<>(deadline.toNanos(), host);
        case CANNOT_TELL -> new Observation.CannotTell<>(e.line(), host);
      };
    } catch (IOException | ActFailed e) {
      return new Observation.CannotTell<>(ActFailed.line(e), host);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Observation.CannotTell<>("the look was interrupted", host);
    }
  }

  @Override
  public Outcome stamp(MemberId member, Stamp stamp, Duration deadline) {
    try {
      Gate gate = gate(member);
      Files.createDirectories(gate.folder().getParent());
      return gate.under(
          stamp,
          Deadline.in(deadline),
          passage -> new Outcome.Done(Details.of("before", passage.before())));
    } catch (IOException e) {
      return new Outcome.Unknown(ActFailed.line(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Unknown("interrupted");
    }
  }

  @Override
  public Outcome act(Step step, Stamp stamp, Consumer<Progress> progress) {
    Deadline deadline = Deadline.in(step.deadline());
    try {
      MemberId member = new Act.Turn(step, deadline, progress).member();
      Stamp newest = gate(member).remembered();
      if (newest.epoch() > stamp.epoch()) {
        return new Outcome.Refused(newest);
      }
      Bench bench = source.get();
      Act act = bench.act(step.act());
      Gate gate = gate(step);
      Files.createDirectories(gate.folder().getParent());
      try (Lanes.Place _ = bench.lanes().enter(step, deadline)) {
        return gate.under(stamp, deadline, _ -> done(act, new Act.Turn(step, deadline, progress)));
      }
    } catch (ActFailed e) {
      return new Outcome.Failed(ActFailed.line(e));
    } catch (IOException e) {
      return new Outcome.Unknown(ActFailed.line(e));
    } catch (InterruptedException e) {
      // The thread is the act's own: what follows is the engine's business.
      return new Outcome.Unknown("interrupted");
    }
  }

  private static Outcome done(Act act, Act.Turn turn) throws InterruptedException {
    try {
      return new Outcome.Done(act.act(turn));
    } catch (ActFailed e) {
      return e.open()
          ? new Outcome.Unknown(ActFailed.line(e))
          : new Outcome.Failed(ActFailed.line(e));
    }
  }

  @Override
  public Inspection inspect(Step step, Stamp stamp) {
    Deadline deadline = Deadline.in(step.deadline());
    try {
      Act act = source.get().act(step.act());
      Gate gate = gate(step);
      Files.createDirectories(gate.folder().getParent());
      return gate.look(stamp, deadline, _ -> looked(act, new Act.Turn(step, deadline, _ -> {})))
          .orElse(new Inspection.Unknown("the job follows a newer stamp than " + stamp));
    } catch (ActFailed | IOException e) {
      return new Inspection.Unknown(ActFailed.line(e));
    } catch (InterruptedException e) {
      return new Inspection.Unknown("interrupted");
    }
  }

  private static Inspection looked(Act act, Act.Turn turn) throws InterruptedException {
    try {
      return act.inspect(turn);
    } catch (ActFailed e) {
      return new Inspection.Unknown(ActFailed.line(e));
    }
  }

  @Override
  public boolean interruptible(Step step) {
    return INTERRUPTIBLE.contains(step.act());
  }

  /** The master hears that this replica is alive, and what waits for it. */
  @Override
  public void heartbeat(MemberId member, Stamp stamp, Duration deadline) {
    try {
      if (gate(member).remembered().epoch() <= stamp.epoch()) {
        source.get().beat(Deadline.in(deadline));
      }
    } catch (IOException | ActFailed e) {
      log.warn("event=no-beat replica={} reason=\"{}\"", spec.id(), ActFailed.line(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public Report read(String question, Details input, State<FeedsFacts> state) {
    Explanations explanations = new Explanations(spec, state);
    return switch (question) {
      case FeedsActions.JOBS -> explanations.jobs();
      case FeedsActions.FLEET -> Fleets.of(spec);
      case FeedsActions.EXPLAIN -> explanations.explain(input.need("job"));
      default -> Driver.super.read(question, input, state);
    };
  }

  @Override
  public void close() {
    source.close();
  }
}
