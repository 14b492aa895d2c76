package io.cotidal.objects.steps;

import io.cotidal.engine.Driver;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
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
import io.cotidal.objects.spec.Site.Role;
import io.cotidal.remote.ActFailed;
import io.cotidal.remote.Deadline;
import io.cotidal.remote.GatedMembers;
import io.cotidal.remote.LocalProcesses;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/** The real sites of one namespace. Containers are worked on side by side. Thread-safe. */
public final class ObjectsDriver implements Driver<ObjectsFacts> {
  private static final Duration READING = Duration.ofSeconds(20);

  private final ObjectsSpec spec;
  private final BenchSource source;
  private final GatedMembers gates;

  /** Of the namespace that {@code spec} says; nothing is touched yet. */
  public ObjectsDriver(ObjectsSpec spec, InstantSource clock) {
    this.spec = spec;
    this.source = new BenchSource(spec, clock);
    this.gates = new GatedMembers(Layout.gates(spec), new LocalProcesses());
  }

  /** Each container has a place of its own. */
  private static GatedMembers.Place place(Step step) {
    if (step.act().equals(Acts.ANNOUNCE)) {
      return new GatedMembers.Place(member(step), Path.of("announced", member(step).name()));
    }
    String container = step.arguments().get(Acts.CONTAINER, "");
    boolean one = !step.act().equals(Acts.PROVE) && !container.isEmpty();
    String name =
        one
            ? Layout.digest(new ContainerName(step.arguments().need(Acts.ACCOUNT), container))
            : step.act();
    return new GatedMembers.Place(ObjectsSpec.NAMESPACE, Path.of("containers", name));
  }

  @Override
  public Observation<ObjectsFacts> observe(MemberId member, Duration deadline) {
    return gates.observe(
        member,
        deadline,
        until ->
            member.equals(ObjectsSpec.NAMESPACE)
                ? source.get().survey().look(until)
                : source.get().site(member).look(until));
  }

  @Override
  public Outcome stamp(MemberId member, Stamp stamp, Duration deadline) {
    return gates.stamp(member, stamp, deadline);
  }

  @Override
  public Outcome act(Step step, Stamp stamp, Consumer<Progress> progress) {
    Deadline deadline = Deadline.in(step.deadline());
    return gates.act(
        place(step),
        stamp,
        deadline,
        door -> {
          Work work = source.get();
          return door.under(() -> done(work, step, progress, deadline));
        });
  }

  private Details done(Work work, Step step, Consumer<Progress> progress, Deadline deadline)
      throws ActFailed, InterruptedException {
    // What is left of the time is enough to say how it ended.
    Deadline until = deadline.most();
    try {
      return switch (step.act()) {
        case Acts.CONVERGE -> converged(work, step, progress, until);
        case Acts.WITHDRAW -> withdrawn(work, step, progress, until);
        case Acts.PROVE -> proved(work, step, progress, until);
        case Acts.APPOINT -> appointed(work, step);
        case Acts.ANNOUNCE -> work.bench().announcing().announce(member(step), until);
        default ->
            throw new ActFailed("nobody does '" + step.act() + "' for the namespace " + spec.id());
      };
    } catch (IOException e) {
      throw ActFailed.because(e);
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

  private static Details withdrawn(
      Work work, Step step, Consumer<Progress> progress, Deadline deadline)
      throws IOException, InterruptedException {
    Details arguments = step.arguments();
    ContainerName name =
        new ContainerName(arguments.need(Acts.ACCOUNT), arguments.need(Acts.CONTAINER));
    Withdrawals.Done done =
        work.withdrawals()
            .withdraw(
                new Withdrawals.Order(
                    name,
                    new MemberId(arguments.need(Acts.LEAVING)),
                    Long.parseLong(arguments.need(Acts.OBJECTS)),
                    progress,
                    deadline));
    work.survey().withdrawn(name);
    return Details.of(Acts.OUTCOME, done.why().isEmpty() ? Acts.EQUAL : Acts.LEFT)
        .with(Acts.WHY, done.why())
        .with(Acts.DELETED, done.objects());
  }

  private static Details appointed(Work work, Step step) throws IOException {
    MemberId site = new MemberId(step.arguments().need(Acts.SITE));
    Role role = Role.valueOf(step.arguments().need(Acts.ROLE).toUpperCase(Locale.ROOT));
    return Details.of("changed", work.bench().roles().say(site, role));
  }

  private static MemberId member(Step step) {
    return Objects.requireNonNull(step.member(), "an act without a member");
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
    return gates.inspect(
        place(step),
        stamp,
        Deadline.in(step.deadline()),
        () -> new Inspection.NotApplied("doing it again goes on where it stopped"));
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
        case ObjectsActions.CONFLICTS -> Answers.conflicts(source.get(), Deadline.in(READING));
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
