package io.cotidal.postgres.steps;

import io.cotidal.model.Inspection;
import io.cotidal.model.MemberId;
import io.cotidal.model.Outcome;
import io.cotidal.model.Progress;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.rehearsal.CloneRehearsals;
import io.cotidal.postgres.rehearsal.RehearsalFailed;
import io.cotidal.postgres.spec.Fault;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.remote.Deadline;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@link Acts#REHEARSE}: not through the member's gate, for it changes nothing there and must keep
 * no failover waiting.
 */
record OnClones(PostgresSpec spec, CloneRehearsals rehearsals) {
  Outcome act(Step step, Stamp stamp, Consumer<Progress> progress) {
    @Nullable MemberId source = step.member();
    Optional<Fault> fault = Fault.of(step.arguments().get("fault", ""));
    if (source == null || fault.isEmpty()) {
      return new Outcome.Failed("step '" + step.key() + "' does not say what to rehearse");
    }
    List<MemberId> members =
        Arrays.stream(step.arguments().need(Acts.MEMBERS).split(",")).map(MemberId::new).toList();
    CloneRehearsals.Order order =
        new CloneRehearsals.Order(
            spec,
            stamp.number(),
            source,
            new MemberId(step.arguments().need("primary")),
            members,
            fault.get(),
            Deadline.in(step.deadline()));
    try {
      return new Outcome.Done(rehearsals.rehearse(order, progress));
    } catch (RehearsalFailed e) {
      return new Outcome.Failed(e.line());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Failed("the rehearsal was interrupted; its clones are removed");
    }
  }

  /** What was measured is nowhere but in the answer of the act; it is not done twice unasked. */
  static Inspection inspect() {
    return new Inspection.Unknown("what a rehearsal measured is known to its own daemon alone");
  }
}
