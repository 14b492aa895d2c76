package io.cotidal.app.postgres;

import io.cotidal.engine.ResourceView;
import io.cotidal.model.Answers;
import io.cotidal.model.MemberId;
import io.cotidal.model.MemberView;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationState;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which changes of a running cluster's members are refused, and why. Pure. */
public final class Rebuild {
  private Rebuild() {}

  /**
   * Why the cluster must not become what {@code next} wants; empty if it may.
   *
   * @param running as it is seen now
   */
  public static Optional<String> objection(
      PostgresSpec before, PostgresSpec next, ResourceView running) {
    Set<MemberId> gone = names(before);
    gone.removeAll(names(next));
    Set<MemberId> moved = moved(before, next);
    for (MemberId member : gone) {
      if (primary(running, member)) {
        return Optional.of(
            member + " is its primary: move the role first (cot switchover " + running.id() + ")");
      }
    }
    for (MemberId member : moved) {
      if (primary(running, member)) {
        return Optional.of(
            member
                + " is its primary and cannot have another port or data directory: move the role"
                + " first (cot switchover "
                + running.id()
                + ")");
      }
      if (answers(running, member)) {
        return Optional.of(
            member
                + " runs, and its port or data directory cannot change under it: stop its server,"
                + " or remove it and add it under another name");
      }
    }
    return gone.isEmpty() && moved.isEmpty() ? Optional.empty() : busy(running);
  }

  /** An operation that began with a member must not lose it in its middle. */
  private static Optional<String> busy(ResourceView running) {
    return running.operations().stream()
        .filter(each -> !each.state().ended() && each.state() != OperationState.PROPOSED)
        .findFirst()
        .map(Operation::id)
        .map(id -> "operation " + id + " is open: remove or move members once it has ended");
  }

  private static Set<MemberId> names(PostgresSpec spec) {
    return spec.servers().stream().map(Server::id).collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<MemberId> moved(PostgresSpec before, PostgresSpec next) {
    Set<MemberId> moved = new TreeSet<>();
    for (Server server : before.servers()) {
      Optional<Server> other = next.server(server.id());
      boolean elsewhere =
          other.isPresent()
              && (other.get().port() != server.port() || !other.get().data().equals(server.data()));
      if (elsewhere) {
        moved.add(server.id());
      }
    }
    return moved;
  }

  private static boolean primary(ResourceView running, MemberId member) {
    return running.ledger().get("primary", "").equals(member.name())
        || view(running, member).map(MemberView::writable).orElse(false);
  }

  private static boolean answers(ResourceView running, MemberId member) {
    return view(running, member).map(each -> each.answers() == Answers.YES).orElse(false);
  }

  private static Optional<MemberView> view(ResourceView running, MemberId member) {
    return running.members().stream().filter(each -> each.id().equals(member)).findFirst();
  }
}
