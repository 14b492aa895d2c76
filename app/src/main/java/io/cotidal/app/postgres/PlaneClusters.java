package io.cotidal.app.postgres;

import io.cotidal.engine.Command;
import io.cotidal.engine.Reply;
import io.cotidal.engine.Store;
import io.cotidal.model.Action;
import io.cotidal.model.Details;
import io.cotidal.model.Event;
import io.cotidal.model.Operation;
import io.cotidal.model.Permission;
import io.cotidal.model.ResourceId;
import io.cotidal.postgres.compat.HandyrepDesk;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.runtime.ControlPlane;
import io.cotidal.server.Reconfiguration;
import io.cotidal.server.access.Caller;
import io.cotidal.server.events.OperationWatch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** One caller's clusters, over the daemon: what the caller may not see is not there. */
public final class PlaneClusters implements HandyrepDesk {
  private static final String KIND = "postgres";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration REPLY = Duration.ofSeconds(10);

  private final House house;
  private final Caller caller;

  /**
   * What all callers share.
   *
   * @param specs a cluster as it is wanted now
   */
  public record House(
      ControlPlane plane,
      Function<ResourceId, Optional<PostgresSpec>> specs,
      Reconfiguration reconfiguration) {}

  /** The clusters of {@code caller}. */
  public PlaneClusters(House house, Caller caller) {
    this.house = house;
    this.caller = caller;
  }

  @Override
  public Optional<Cluster> cluster(String name) {
    ResourceId id;
    try {
      id = new ResourceId(KIND, name);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    return caller.covers(id)
        ? house
            .specs()
            .apply(id)
            .flatMap(spec -> house.plane().resource(id).map(view -> new Cluster(spec, view)))
        : Optional.empty();
  }

  @Override
  public boolean changes() {
    return caller.allows(Permission.OPERATOR);
  }

  @Override
  public List<Action> actions() {
    return house.plane().actions();
  }

  @Override
  public Ran run(Cluster cluster, String action, Details input, Optional<String> key)
      throws InterruptedException {
    Optional<Action> known =
        actions().stream()
            .filter(each -> each.kind().equals(KIND) && each.name().equals(action))
            .findFirst();
    if (known.filter(each -> caller.allows(each.needs())).isEmpty()) {
      return new Ran(false, action + " is not allowed to this caller");
    }
    Command begin =
        new Command.Begin(
            caller.actor(),
            caller.token().permission(),
            action,
            input,
            key.filter(text -> text.matches("[!-~]{1,200}")).orElse(null),
            false);
    try (OperationWatch watch = new OperationWatch(house.plane())) {
      Reply reply =
          house
              .plane()
              .command(cluster.view().id(), begin)
              .get(REPLY.toMillis(), TimeUnit.MILLISECONDS);
      return switch (reply) {
        case Reply.Accepted accepted -> end(watch.settled(accepted.operation(), PATIENCE));
        case Reply.Conflict conflict ->
            new Ran(false, conflict.reason() + " (" + conflict.holder().id() + ")");
        case Reply.NotFound missing -> new Ran(false, "there is no " + missing.what());
        case Reply.Invalid invalid -> new Ran(false, invalid.reason());
        case Reply.Declined declined -> new Ran(false, declined.reason());
        case Reply.NotLeading following -> new Ran(false, following.reason());
        case Reply.StoreFailed failed -> new Ran(false, failed.reason());
        case Reply.Preview _ -> throw new IllegalStateException("no dry run was asked for");
        case Reply.Noted _ -> throw new IllegalStateException("no note was asked for");
      };
    } catch (TimeoutException e) {
      return new Ran(false, "the daemon did not answer in time; look before you ask again");
    } catch (ExecutionException e) {
      return new Ran(false, "the daemon is stopping");
    }
  }

  private static Ran end(Operation operation) {
    String what = operation.type() + " (" + operation.id() + ")";
    String note = operation.note().isEmpty() ? "" : ": " + operation.note();
    return switch (operation.state()) {
      case DONE -> new Ran(true, what + " is done" + note);
      case PROPOSED ->
          new Ran(false, what + " waits for an approval: cot plan approve " + operation.id());
      case ATTENTION -> new Ran(false, what + " needs a person" + note);
      case FAILED, CANCELLED, SUPERSEDED -> new Ran(false, what + " did not succeed" + note);
      case QUEUED, RUNNING, WAITING, CANCELLING ->
          new Ran(false, what + " goes on" + note + "; cot op watch " + operation.id());
    };
  }

  @Override
  public List<Event> log(Cluster cluster, int limit) {
    return house.plane().latest(cluster.view().id(), Long.MAX_VALUE, limit).reversed().stream()
        .map(Store.LoggedEvent::event)
        .toList();
  }

  @Override
  public Ran reload() {
    if (!caller.allows(Permission.ADMIN) || !caller.coversAll()) {
      return new Ran(false, "only an administrator's token may do that; or run cot apply");
    }
    Reconfiguration.Request request =
        new Reconfiguration.Request(caller.actor(), Optional.empty(), false);
    return switch (house.reconfiguration().apply(request)) {
      case Reconfiguration.Outcome.Taken taken -> taken(taken.report());
      case Reconfiguration.Outcome.Faulty faulty ->
          new Ran(false, "nothing has changed: " + String.join(" | ", faulty.problems()));
      case Reconfiguration.Outcome.Refused refused -> new Ran(false, refused.reason());
      case Reconfiguration.Outcome.NotLeading elsewhere -> new Ran(false, elsewhere.reason());
    };
  }

  private static Ran taken(Reconfiguration.Report report) {
    List<String> changes =
        report.changes().stream().map(each -> each.what() + " " + each.state()).toList();
    boolean whole =
        report.changes().stream().allMatch(each -> each.state() == Reconfiguration.State.APPLIED);
    return new Ran(
        whole,
        changes.isEmpty() ? "nothing differs from what is in force" : String.join(", ", changes));
  }
}
