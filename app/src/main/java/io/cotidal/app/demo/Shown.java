package io.cotidal.app.demo;

import io.cotidal.engine.ResourceView;
import io.cotidal.model.MemberView;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.runtime.ControlPlane;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What the daemon shows of a rig's cluster, read anew at each call. */
public final class Shown {
  private static final int STORY = 40;

  private final Supplier<ControlPlane> control;

  /**
   * Shown by {@code control}.
   *
   * @param control the daemon that runs now; another one after a restart
   */
  Shown(Supplier<ControlPlane> control) {
    this.control = control;
  }

  /** The cluster as the daemon shows it. */
  public ResourceView view() {
    return control.get().resource(Rig.ORDERS).orElseThrow();
  }

  /**
   * The member that takes writes, as the daemon knows; empty if there is none, or more than one.
   */
  public Optional<String> primary() {
    var writable = view().members().stream().filter(MemberView::writable).toList();
    return writable.size() == 1 ? Optional.of(writable.getFirst().id().name()) : Optional.empty();
  }

  /** The newest operation of that type with a higher number than {@code after}, with its steps. */
  public Optional<Operation> newest(String type, long after) {
    return view().operations().stream()
        .filter(each -> each.type().equals(type) && each.number() > after)
        .findFirst()
        .flatMap(each -> operation(each.id()));
  }

  /** The highest operation number so far; 0 if there was none. */
  public long lastNumber() {
    return view().operations().stream().mapToLong(Operation::number).max().orElse(0);
  }

  /** The latest events, oldest first, for a failure's report. */
  public List<String> story() {
    return control.get().latest(Rig.ORDERS, Long.MAX_VALUE, STORY).stream()
        .map(logged ->
            Instant.EPOCH.plus(logged.event().micros(), ChronoUnit.MICROS)
                + "  "
                + logged.event().text())
        .toList();
  }

  /** What the cluster lacks to be whole; empty if nothing. */
  String missing() {
    ResourceView view = view();
    long servers = view.members().stream().filter(each -> !each.role().equals("proxy")).count();
    long replicas = servers - 1;
    long streaming = view.links().stream().filter(link -> link.state().equals("streaming")).count();
    String quorum = view.ledger().get("quorum", "");
    if (!view.leading()) {
      return "the daemon does not lead";
    }
    if (view.members().stream().filter(MemberView::writable).count() != 1) {
      return "not exactly one member takes writes";
    }
    if (streaming != replicas) {
      return "%d of %d replicas stream".formatted(streaming, replicas);
    }
    for (Operation each : view.operations()) {
      if (!each.state().ended()) {
        return "%s %s is %s %s".formatted(each.type(), each.id(), each.state(), each.note());
      }
    }
    if (!view.inSync()) {
      return "wanted: " + view.wanted().getFirst().reason();
    }
    return quorum.split(",").length == replicas ? "" : "only " + quorum + " are in the quorum list";
  }

  /** An operation with its steps. */
  Optional<Operation> operation(OperationId id) {
    return control.get().operation(id);
  }
}
