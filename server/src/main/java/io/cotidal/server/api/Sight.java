package io.cotidal.server.api;

import io.cotidal.engine.ResourceView;
import io.cotidal.engine.Store.LoggedEvent;
import io.cotidal.model.Action;
import io.cotidal.model.Details;
import io.cotidal.model.Diagnosis;
import io.cotidal.model.Item;
import io.cotidal.model.Operation;
import io.cotidal.model.OperationId;
import io.cotidal.model.Permission;
import io.cotidal.model.Progress;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Severity;
import io.cotidal.model.Wanted;
import io.cotidal.runtime.ControlPlane;
import io.cotidal.server.access.Caller;
import io.cotidal.server.events.EventView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What a caller sees of a resource whose items belong to people. An operator sees all of it; others
 * see what is theirs or nobody's. An operation or an event of which nobody can tell whom it
 * concerns is not shown to them.
 */
final class Sight {
  private final ControlPlane plane;

  /** Kinds of which people below operator have items of their own. */
  private final Set<String> personal;

  Sight(ControlPlane plane) {
    this.plane = plane;
    this.personal =
        plane.actions().stream()
            .filter(action -> action.needs() == Permission.USER)
            .map(Action::kind)
            .collect(Collectors.toUnmodifiableSet());
  }

  /** A verdict that names what belongs to others, without the names. */
  private record Withheld(String code, Severity severity) implements Diagnosis {
    @Override
    public String sentence() {
      return "it concerns what belongs to others";
    }

    @Override
    public Details evidence() {
      return Details.NONE;
    }
  }

  /** Whether the caller sees everything of the resource. */
  boolean whole(Caller caller, ResourceId resource) {
    return caller.allows(Permission.OPERATOR) || !personal.contains(resource.kind());
  }

  /** Whether the item is the caller's, or nobody's, or the caller sees all. */
  boolean sees(Caller caller, Item item) {
    return item.owner().isEmpty() || owns(caller, item);
  }

  /** Whether the caller may do with the item as its owner may. */
  boolean owns(Caller caller, Item item) {
    return caller.allows(Permission.OPERATOR) || item.owner().equals(caller.actor().name());
  }

  /** The resource as the caller may see it. */
  ResourceView of(Caller caller, ResourceView view) {
    List<Item> items = view.items().stream().filter(item -> sees(caller, item)).toList();
    ResourceView seen = view.withItems(items);
    return whole(caller, view.id()) ? seen : part(caller, view, items);
  }

  private ResourceView part(Caller caller, ResourceView view, List<Item> items) {
    List<String> hidden =
        view.items().stream()
            .filter(item -> !sees(caller, item))
            .map(Item::name)
            .distinct()
            .toList();
    Predicate<String> names = text -> hidden.stream().anyMatch(text::contains);
    List<Operation> operations =
        view.operations().stream()
            .filter(operation -> sees(caller, operation, view.items()))
            .toList();
    return new ResourceView(
        view.id(),
        view.micros(),
        view.mode(),
        view.leading(),
        view.epoch(),
        told(view.diagnosis(), names),
        view.inSync(),
        view.wanted().stream().filter(want -> !names(want, names)).toList(),
        view.guarantee(),
        view.ledger(),
        view.members(),
        view.links(),
        operations,
        progress(view.progress(), operations),
        items,
        view.membership(),
        view.pause());
  }

  private static Diagnosis told(Diagnosis diagnosis, Predicate<String> names) {
    boolean named =
        names.test(diagnosis.sentence())
            || diagnosis.evidence().entries().values().stream().anyMatch(names);
    return named ? new Withheld(diagnosis.code(), diagnosis.severity()) : diagnosis;
  }

  private static boolean names(Wanted want, Predicate<String> names) {
    return names.test(want.reason()) || want.input().entries().values().stream().anyMatch(names);
  }

  private static Map<String, Progress> progress(
      Map<String, Progress> all, List<Operation> operations) {
    Map<String, Progress> seen = new TreeMap<>();
    all.forEach((row, progress) -> {
      String number = row.substring(0, row.indexOf('.'));
      if (operations.stream().anyMatch(one -> String.valueOf(one.number()).equals(number))) {
        seen.put(row, progress);
      }
    });
    return seen;
  }

  /** Whether the caller may see the operation, its input included. */
  boolean sees(Caller caller, Operation operation) {
    ResourceId resource = operation.id().resource();
    return sees(
        caller, operation, plane.resource(resource).map(ResourceView::items).orElse(List.of()));
  }

  private boolean sees(Caller caller, Operation operation, List<Item> items) {
    return whole(caller, operation.id().resource())
        || operation.actor().equals(caller.actor())
        || forAll(operation)
        || items.stream()
            .filter(item -> item.owner().equals(caller.actor().name()))
            .anyMatch(item -> concerns(operation, item));
  }

  /** What only operators can ask for concerns the resource, not one of its users. */
  private boolean forAll(Operation operation) {
    return plane.actions().stream()
        .anyMatch(action ->
            action.kind().equals(operation.id().resource().kind())
                && action.name().equals(operation.type())
                && action.needs().allows(Permission.OPERATOR));
  }

  /** Whether it has a claim on the item, and not on one that had the name before. */
  private static boolean concerns(Operation operation, Item item) {
    String scope = "item:" + item.key();
    return operation.createdMicros() >= item.createdMicros()
        && operation.locks().stream().anyMatch(lock -> lock.scope().equals(scope));
  }

  /**
   * The event as the caller may see it. Of one that belongs to no operation, others than operators
   * see that it happened, not the words, which may name anything.
   */
  Optional<EventView> of(Caller caller, LoggedEvent logged) {
    EventView view = EventView.of(logged);
    if (whole(caller, view.resource()) || caller.actor().equals(view.actor())) {
      return Optional.of(view);
    }
    if (view.operation() == 0) {
      return Optional.of(view.withheld());
    }
    return plane
        .operation(new OperationId(view.resource(), view.operation()))
        .filter(operation -> sees(caller, operation))
        .map(seen -> view);
  }
}
