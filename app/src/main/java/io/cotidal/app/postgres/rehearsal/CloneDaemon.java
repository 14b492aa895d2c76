package io.cotidal.app.postgres.rehearsal;

import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.engine.ResourceView;
import io.cotidal.model.Actor;
import io.cotidal.model.Answers;
import io.cotidal.model.Details;
import io.cotidal.model.LinkView;
import io.cotidal.model.MemberId;
import io.cotidal.model.MemberView;
import io.cotidal.model.Operation;
import io.cotidal.postgres.actions.PostgresActions;
import io.cotidal.postgres.plan.PostgresKind;
import io.cotidal.postgres.reach.Machines;
import io.cotidal.postgres.rehearsal.RehearsalFailed;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.steps.PostgresDriver;
import io.cotidal.runtime.Daemon;
import io.cotidal.runtime.FileLockElection;
import io.cotidal.runtime.Managed;
import io.cotidal.runtime.SystemClock;
import io.cotidal.store.SqlStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A control plane for clones alone: the same kind, planner and driver as the real one's, with a
 * journal of its own in the scratch folder. It listens nowhere and knows no real member.
 */
final class CloneDaemon implements AutoCloseable {
  private static final Actor REHEARSAL = new Actor("rehearsal");
  private static final int REPLY = 10;

  private final PostgresSpec spec;
  private final SystemClock clock;
  private final SqlStore store;
  private final Daemon daemon;

  private CloneDaemon(PostgresSpec spec, Machines machines, Path folder) {
    this.spec = spec;
    this.clock = new SystemClock();
    this.store = SqlStore.open(folder.resolve("cotidal.db"));
    this.daemon =
        new Daemon(
            new Daemon.Ground(
                clock, store, new FileLockElection(folder.resolve("cotidal.lock"), clock)),
            PostgresActions.ALL,
            List.of(new Managed<>(new PostgresKind(), spec, new PostgresDriver(spec, machines))));
  }

  static CloneDaemon start(PostgresSpec spec, Machines machines, Path folder) {
    CloneDaemon started = new CloneDaemon(spec, machines, folder);
    started.daemon.start();
    return started;
  }

  ResourceView view() {
    return daemon.resource(spec.id()).orElseThrow();
  }

  /** Who takes writes, if exactly one does. */
  Optional<MemberId> primary() {
    List<MemberId> writable =
        view().members().stream().filter(MemberView::writable).map(MemberView::id).toList();
    return writable.size() == 1 ? Optional.of(writable.getFirst()) : Optional.empty();
  }

  /** Whether nothing is left to be done: one primary, from which all others get everything. */
  boolean whole() {
    ResourceView view = view();
    int replicas = spec.servers().size() - 1;
    int listed = spec.quorum() == 0 ? 0 : replicas;
    return view.leading()
        && view.inSync()
        && view.diagnosis().code().equals("healthy")
        && primary().isPresent()
        && view.members().stream().allMatch(each -> each.answers() == Answers.YES)
        && view.links().size() == replicas
        && view.links().stream().allMatch(CloneDaemon::streams)
        && view.ledger().get("quorum", "").split(",", -1).length >= listed
        && view.ledger().entries().keySet().stream().noneMatch(name -> name.startsWith("doubt."))
        && view.operations().stream().allMatch(each -> each.state().ended());
  }

  private static boolean streams(LinkView link) {
    return !link.planned() && link.state().equals("streaming") && link.lagBytes() != null;
  }

  /** What is the matter, for people. */
  String story() {
    ResourceView view = view();
    return view.diagnosis().sentence()
        + view.operations().stream()
            .filter(each -> !each.note().isEmpty())
            .findFirst()
            .map(each -> " (" + each.type() + " " + each.state() + ": " + each.note() + ")")
            .orElse("");
  }

  /** The number of the newest operation; 0 if there was none. */
  long newest() {
    return view().operations().stream().mapToLong(Operation::number).max().orElse(0);
  }

  /** The operation after number {@code after} that changed the primary, once it has ended. */
  Optional<Operation> changed(long after) {
    return view().operations().stream()
        .filter(each -> each.number() > after && each.state().ended())
        .filter(each -> List.of("failover", "cold-start", "switchover").contains(each.type()))
        .findFirst();
  }

  /** Asks for an action without input. */
  void ask(String action) throws RehearsalFailed, InterruptedException {
    try {
      Reply reply =
          daemon
              .command(spec.id(), new Command.Begin(REHEARSAL, action, Details.NONE, null, false))
              .get(REPLY, TimeUnit.SECONDS);
      if (!(reply instanceof Reply.Accepted)) {
        throw new RehearsalFailed("the clones do not take a " + action + ": " + reply);
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new RehearsalFailed("the clones do not take a " + action + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    daemon.close();
    store.close();
    clock.close();
  }
}
