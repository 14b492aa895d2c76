package io.cotidal.copies.steps;

import io.cotidal.copies.database.EngineException;
import io.cotidal.copies.database.User;
import io.cotidal.copies.observe.CopiesFacts;
import io.cotidal.copies.plan.Acts;
import io.cotidal.copies.plan.Shelf;
import io.cotidal.copies.spec.CopiesSpec;
import io.cotidal.engine.Driver;
import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.Inspection;
import io.cotidal.model.Item;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import io.cotidal.model.Outcome;
import io.cotidal.model.Progress;
import io.cotidal.model.Secret;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Gate;
import io.cotidal.remote.LocalProcesses;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The copies of one template on this host. The host's own gate keeps the epoch; each place has a
 * gate of its own, so that fifty copies are made side by side. Thread-safe.
 */
public final class CopiesDriver implements Driver<CopiesFacts> {
  private static final Logger log = LoggerFactory.getLogger(CopiesDriver.class);

  /** Before these have done their last write, nothing that they made counts. */
  private static final Set<String> INTERRUPTIBLE =
      Set.of(Acts.IMPORT, Acts.TAKE, Acts.RESTORE, Acts.MAKE, Acts.SPARE, Acts.COMPARE);

  private final BenchSource source;
  private final Look look;
  private final Layout layout;
  private final LocalProcesses processes;
  private final Gate host;
  private final InstantSource clock;
  private final OldGates oldGates;

  /** The copies of {@code spec}; nothing is touched yet. */
  CopiesDriver(BenchSource source, InstantSource clock, LocalProcesses processes, CopiesSpec spec) {
    this.source = source;
    this.look = new Look(clock);
    this.layout = new Layout(spec);
    this.processes = processes;
    this.host = new Gate(layout.gated("host"), processes);
    this.clock = clock;
    this.oldGates = new OldGates(layout, processes);
  }

  private static Act act(Bench bench, String word) throws EngineException {
    return switch (word) {
      case Acts.IMPORT -> new Importing(bench);
      case Acts.TAKE -> new Taking(bench);
      case Acts.RESTORE -> new Restoring(bench);
      case Acts.PUBLISH -> new Publishing(bench);
      case Acts.MAKE -> new Making(bench, false);
      case Acts.SPARE -> new Making(bench, true);
      case Acts.HAND_OUT -> new HandOut(bench);
      case Acts.RESET -> new Resetting(bench);
      case Acts.START -> new Running(bench, true);
      case Acts.STOP -> new Running(bench, false);
      case Acts.COMPARE -> new Comparing(bench);
      case Acts.REMOVE -> new Removing(bench);
      default -> throw new EngineException("this driver has no act '" + word + "'");
    };
  }

  private Gate gate(String id) {
    return new Gate(layout.gated(id), processes, Gate.Memory.WHILE_UP);
  }

  @Override
  public Observation<CopiesFacts> observe(MemberId member, Duration deadline) {
    try {
      Host seen = new Host(Host.Process.RUNNING, host.remembered(), Details.NONE);
      return new Observation.Seen<>(look.now(source.get(), Deadline.in(deadline)), seen);
    } catch (IOException e) {
      return new Observation.CannotTell<>(reason(e), Host.UNKNOWN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Observation.CannotTell<>("the look was interrupted", Host.UNKNOWN);
    }
  }

  @Override
  public Outcome stamp(MemberId member, Stamp stamp, Duration deadline) {
    try {
      Files.createDirectories(host.folder().getParent());
      return host.under(
          stamp,
          Deadline.in(deadline),
          passage -> new Outcome.Done(Details.of("before", passage.before())));
    } catch (IOException e) {
      return new Outcome.Unknown(reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Unknown("interrupted");
    }
  }

  @Override
  public Outcome act(Step step, Stamp stamp, Consumer<Progress> progress) {
    Deadline deadline = Deadline.in(step.deadline());
    try {
      Act act = act(source.get(), step.act());
      Stamp newest = host.remembered();
      if (newest.epoch() > stamp.epoch()) {
        return new Outcome.Refused(newest);
      }
      String id = step.arguments().need(Acts.ID);
      Outcome outcome =
          gate(id)
              .under(
                  stamp,
                  deadline,
                  passage -> done(act, new Act.Turn(step, id, deadline, progress)));
      if (step.act().equals(Acts.REMOVE)) {
        sweep();
      }
      return outcome;
    } catch (EngineException e) {
      return new Outcome.Failed(reason(e));
    } catch (IOException | IllegalArgumentException e) {
      return new Outcome.Unknown(reason(e));
    } catch (InterruptedException e) {
      // The thread is the act's own: what follows is the engine's business.
      return new Outcome.Unknown("interrupted");
    }
  }

  /** Whoever removes a place clears up behind those who did so long ago. */
  private void sweep() {
    try {
      oldGates.sweep(clock.instant());
    } catch (IOException | DirectoryIteratorException e) {
      // They harm nobody: what was asked for is done all the same.
      log.warn("event=old-gates-stay folder={} reason=\"{}\"", layout.gates(), reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Outcome done(Act act, Act.Turn turn) throws InterruptedException {
    try {
      return new Outcome.Done(act.act(turn));
    } catch (EngineException e) {
      return new Outcome.Failed(reason(e));
    } catch (IOException | IllegalStateException e) {
      // Nothing counts before an act's last write, which an inspection looks for.
      return new Outcome.Failed(reason(e));
    }
  }

  @Override
  public Inspection inspect(Step step, Stamp stamp) {
    Deadline deadline = Deadline.in(step.deadline());
    try {
      Act act = act(source.get(), step.act());
      String id = step.arguments().need(Acts.ID);
      return gate(id)
          .look(stamp, deadline, passage -> act.inspect(new Act.Turn(step, id, deadline, _ -> {})))
          .orElse(new Inspection.Unknown("the place follows a newer stamp than " + stamp));
    } catch (EngineException | IOException | IllegalArgumentException | IllegalStateException e) {
      return new Inspection.Unknown(reason(e));
    } catch (InterruptedException e) {
      return new Inspection.Unknown("interrupted");
    }
  }

  @Override
  public boolean interruptible(Step step) {
    return INTERRUPTIBLE.contains(step.act());
  }

  /** Nothing keeps a host's age fresh: each look does. */
  @Override
  public void heartbeat(MemberId member, Stamp stamp, Duration deadline) {}

  @Override
  public SortedMap<String, Secret> access(Item item) {
    SortedMap<String, Secret> access = new TreeMap<>();
    if (!item.sort().equals(Shelf.COPY) || !item.facts().has(Acts.PORT)) {
      return access;
    }
    try {
      Bench bench = source.get();
      User user = new Homes(bench).of(Shelf.id(item)).user();
      Path certificate = bench.layout().certificate(Shelf.id(item));
      bench
          .tools()
          .engine()
          .connectionStrings(
              bench.spec().service().host(),
              Integer.parseInt(item.facts().need(Acts.PORT)),
              user,
              certificate)
          .forEach((dialect, text) -> access.put(dialect, new Secret(text)));
      access.put("certificate", new Secret(Files.readString(certificate)));
      access.put("password", user.password());
      return access;
    } catch (IOException e) {
      throw new IllegalStateException(reason(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    look.close();
    Bench opened = source.opened();
    if (opened != null) {
      opened.sessions().close();
    }
  }

  private static String reason(Exception problem) {
    return problem.getMessage() == null ? problem.toString() : problem.getMessage();
  }
}
