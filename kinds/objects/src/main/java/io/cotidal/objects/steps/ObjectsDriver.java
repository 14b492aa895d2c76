package io.cotidal.objects.steps;

import io.cotidal.engine.Driver;
import io.cotidal.engine.State;
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
import io.cotidal.objects.actions.ObjectsActions;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.observe.ObjectsFacts;
import io.cotidal.objects.plan.Acts;
import io.cotidal.objects.spec.ObjectsSpec;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.Gate;
import io.cotidal.remote.LocalProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The real sites of one namespace. A gate for each member keeps the epoch; each container has a
 * gate of its own beside it, so that containers are worked on side by side. Thread-safe.
 */
public final class ObjectsDriver implements Driver<ObjectsFacts> {
  private static final String DATA = "data";

  private final ObjectsSpec spec;
  private final BenchSource source;
  private final LocalProcesses processes = new LocalProcesses();
  private final Path gates;

  /** Of the namespace that {@code spec} says; nothing is touched yet. */
  public ObjectsDriver(ObjectsSpec spec, InstantSource clock) {
    this.spec = spec;
    this.source = new BenchSource(spec, clock);
    this.gates = Layout.gates(spec);
  }

  private Gate gate(MemberId member) {
    return new Gate(gates.resolve(member.name()).resolve(DATA), processes);
  }

  private Gate gate(Step step) {
    String container = step.arguments().get(Acts.CONTAINER, "");
    boolean one = step.act().equals(Acts.CONVERGE) && !container.isEmpty();
    String place =
        one
            ? Layout.digest(new ContainerName(step.arguments().need(Acts.ACCOUNT), container))
            : step.act();
    return new Gate(
        gates.resolve("containers").resolve(place).resolve(DATA), processes, Gate.Memory.WHILE_UP);
  }

  @Override
  public Observation<ObjectsFacts> observe(MemberId member, Duration deadline) {
    Host host = Host.UNKNOWN;
    try {
      host = new Host(Host.Process.RUNNING, gate(member).remembered(), Details.NONE);
      Deadline until = Deadline.in(deadline);
      Work work = source.get();
      ObjectsFacts facts =
          member.equals(ObjectsSpec.NAMESPACE)
              ? work.survey().look(until)
              : work.site(member).look(until);
      return new Observation.Seen<>(facts, host);
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
      Stamp newest = gate(ObjectsSpec.NAMESPACE).remembered();
      if (newest.epoch() > stamp.epoch()) {
        return new Outcome.Refused(newest);
      }
      Work work = source.get();
      Gate gate = gate(step);
      Files.createDirectories(gate.folder().getParent());
      return gate.under(stamp, deadline, _ -> done(work, step, progress, deadline));
    } catch (ActFailed e) {
      return new Outcome.Failed(ActFailed.line(e));
    } catch (IOException e) {
      return new Outcome.Unknown(ActFailed.line(e));
    } catch (InterruptedException e) {
      // The thread is the act's own: what follows is the engine's business.
      return new Outcome.Unknown("interrupted");
    }
  }

  private Outcome done(Work work, Step step, Consumer<Progress> progress, Deadline deadline)
      throws InterruptedException {
    // What is left of the time is enough to say how it ended.
    Deadline until = deadline.most();
    try {
      return switch (step.act()) {
        case Acts.CONVERGE -> new Outcome.Done(converged(work, step, progress, until));
        case Acts.PROVE -> new Outcome.Done(proved(work, step, progress, until));
        default ->
            new Outcome.Failed("nobody does '" + step.act() + "' for the namespace " + spec.id());
      };
    } catch (ActFailed | IOException e) {
      return new Outcome.Failed(ActFailed.line(e));
    }
  }

  private static Details converged(
      Work work, Step step, Consumer<Progress> progress, Deadline deadline)
      throws ActFailed, InterruptedException {
    Details arguments = step.arguments();
    ContainerName name =
        new ContainerName(arguments.need(Acts.ACCOUNT), arguments.need(Acts.CONTAINER));
    long approved = Long.parseLong(arguments.get(Acts.DELETIONS, "0"));
    Converging.Done done =
        work.converging().converge(new Converging.Order(name, approved, progress, deadline));
    if (done.equal()) {
      work.survey().equal(name);
    }
    return done.evidence();
  }

  private static Details proved(
      Work work, Step step, Consumer<Progress> progress, Deadline deadline)
      throws IOException, InterruptedException {
    Details arguments = step.arguments();
    String container = arguments.get(Acts.CONTAINER, "");
    Optional<ContainerName> only =
        container.isEmpty()
            ? Optional.empty()
            : Optional.of(new ContainerName(arguments.need(Acts.ACCOUNT), container));
    Proving.Done done = work.proving().prove(new Proving.Order(only, progress, deadline));
    return Details.of(Acts.REPORT, done.report().toString())
        .with(Acts.OUTCOME, done.equal() ? Acts.EQUAL : Acts.LEFT)
        .with("containers", done.containers())
        .with("differing", done.differing());
  }

  /** What an act left half-done is found by whoever does it again, which changes nothing twice. */
  @Override
  public Inspection inspect(Step step, Stamp stamp) {
    try {
      Gate gate = gate(step);
      Files.createDirectories(gate.folder().getParent());
      return gate.<Inspection>look(
              stamp,
              Deadline.in(step.deadline()),
              _ -> new Inspection.NotApplied("doing it again goes on where it stopped"))
          .orElse(new Inspection.Unknown("the container follows a newer stamp than " + stamp));
    } catch (IOException e) {
      return new Inspection.Unknown(ActFailed.line(e));
    } catch (InterruptedException e) {
      return new Inspection.Unknown("interrupted");
    }
  }

  @Override
  public boolean interruptible(Step step) {
    return true;
  }

  /** Sites are written to by moving what differs, and by nothing else. */
  @Override
  public void heartbeat(MemberId member, Stamp stamp, Duration deadline) {}

  @Override
  public Report read(String question, Details input, State<ObjectsFacts> state) {
    try {
      return switch (question) {
        case ObjectsActions.CONTAINERS -> Answers.containers(source.get());
        case ObjectsActions.CONFLICTS -> Answers.conflicts(source.get());
        default -> Driver.super.read(question, input, state);
      };
    } catch (ActFailed e) {
      return new Report(
          ActFailed.line(e),
          java.util.List.of(
              new Report.Line(spec.id().name(), Report.Verdict.UNKNOWN, ActFailed.line(e))));
    }
  }

  @Override
  public void close() {
    source.close();
  }
}
