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
import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import io.cotidal.model.Outcome;
import io.cotidal.model.Progress;
import io.cotidal.model.Report;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.remote.ActFailed;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.GatedMembers;
import io.cotidal.remote.LocalProcesses;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The real repository, database and GeoServers of one replica. Jobs are worked on side by side.
 * Thread-safe.
 */
public final class FeedsDriver implements Driver<FeedsFacts> {
  private static final Logger log = LoggerFactory.getLogger(FeedsDriver.class);

  /** What these leave half-done counts for nothing, and is found by whoever does it again. */
  private static final Set<String> INTERRUPTIBLE = Set.of(Acts.LEARN, Acts.FETCH, Acts.STAGE);

  private final FeedsSpec spec;
  private final BenchSource source;
  private final GatedMembers gates;

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
    this.gates = new GatedMembers(Layout.gates(spec), processes);
  }

  /** Each job has a place of its own. */
  private static GatedMembers.Place place(Step step, MemberId member) {
    String name = step.arguments().get(Acts.NAME, step.act());
    return new GatedMembers.Place(member, Path.of("jobs", member + "." + name));
  }

  @Override
  public Observation<FeedsFacts> observe(MemberId member, Duration deadline) {
    return gates.observe(member, deadline, until -> source.get().look(member, until));
  }

  @Override
  public Outcome stamp(MemberId member, Stamp stamp, Duration deadline) {
    return gates.stamp(member, stamp, deadline);
  }

  @Override
  public Outcome act(Step step, Stamp stamp, Consumer<Progress> progress) {
    Deadline deadline = Deadline.in(step.deadline());
    MemberId member = step.member();
    if (member == null) {
      return new Outcome.Failed(step.act() + " needs a member");
    }
    return gates.act(
        place(step, member),
        stamp,
        deadline,
        door -> {
          Bench bench = source.get();
          Act act = bench.act(step.act());
          try (Lanes.Place _ = bench.lanes().enter(step, deadline)) {
            return door.under(() -> act.act(new Act.Turn(step, deadline, progress)));
          }
        });
  }

  @Override
  public Inspection inspect(Step step, Stamp stamp) {
    Deadline deadline = Deadline.in(step.deadline());
    MemberId member = step.member();
    return member == null
        ? new Inspection.Unknown(step.act() + " needs a member")
        : gates.inspect(
            place(step, member),
            stamp,
            deadline,
            () -> source.get().act(step.act()).inspect(new Act.Turn(step, deadline, _ -> {})));
  }

  @Override
  public boolean interruptible(Step step) {
    return INTERRUPTIBLE.contains(step.act());
  }

  /** The master hears that this replica is alive, and what waits for it. */
  @Override
  public void heartbeat(MemberId member, Stamp stamp, Duration deadline) {
    try {
      if (gates.leads(member, stamp)) {
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
