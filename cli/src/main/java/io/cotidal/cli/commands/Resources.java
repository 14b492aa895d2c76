package io.cotidal.cli.commands;

import io.cotidal.cli.api.Node;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import io.cotidal.cli.terminal.Text;
import io.cotidal.model.OperationId;
import io.cotidal.model.ResourceId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Resources and their operations, asked of the server. */
final class Resources {
  static final String ALL = "/api/v1/resources";

  private final Session session;

  Resources(Session session) {
    this.session = session;
  }

  static String path(ResourceId id) {
    return ALL + "/" + id.kind() + "/" + id.name();
  }

  static String path(OperationId id) {
    return path(id.resource()) + "/operations/" + id.number();
  }

  /** All of them, worst first. */
  List<Node> worstFirst() {
    List<Node> resources = new ArrayList<>(session.api().get(ALL).list("resources"));
    resources.sort(Resources::compareWorstFirst);
    return resources;
  }

  /** Written out: the JDK's combined comparators are classes that no start-up cache can keep. */
  private static int compareWorstFirst(Node one, Node other) {
    int byHealth = Integer.compare(badness(other), badness(one));
    return byHealth != 0 ? byHealth : one.text("id").compareTo(other.text("id"));
  }

  private static int badness(Node resource) {
    int health =
        switch (resource.at("diagnosis").text("severity")) {
          case "info" -> 0;
          case "warning" -> 8;
          case "critical" -> 16;
          // A verdict that this version does not know is nothing to be calm about.
          default -> 8;
        };
    boolean attention =
        resource.list("operations").stream().anyMatch(it -> it.text("state").equals("attention"));
    return health + (attention ? 4 : 0) + (resource.flag("inSync") ? 0 : 2);
  }

  /** One, or a failure that names the nearest. */
  Node get(ResourceId id) {
    return naming(id, () -> session.api().get(path(id)));
  }

  /** What the planner wants of it. */
  Node plan(ResourceId id) {
    return naming(id, () -> session.api().get(path(id) + "/plan"));
  }

  /** One operation with its steps. */
  Node operation(OperationId id) {
    return session.api().get(path(id));
  }

  /** The newest operations of one resource, newest first. */
  List<Node> operations(ResourceId id, int limit) {
    return naming(id, () -> session.api().get(path(id) + "/operations?limit=" + limit))
        .list("operations");
  }

  /** The open and recent operations of all resources, newest first. */
  List<Node> recentOperations() {
    List<Node> operations = new ArrayList<>();
    for (Node resource : session.api().get(ALL).list("resources")) {
      operations.addAll(resource.list("operations"));
    }
    operations.sort(
        (one, other) -> Long.compare(other.number("createdMicros"), one.number("createdMicros")));
    return operations;
  }

  /**
   * The result of {@code call}; if the resource does not exist, the failure proposes one that does.
   */
  <T> T naming(ResourceId id, Supplier<T> call) {
    try {
      return call.get();
    } catch (Failure failure) {
      if (failure.exit() != ExitCode.NOT_FOUND) {
        throw failure;
      }
      String near = nearest(id);
      throw near.isEmpty() ? failure : failure.withNext(near);
    }
  }

  /** Empty if the resource exists, so that something else was not found. */
  private String nearest(ResourceId id) {
    List<String> ids = new ArrayList<>();
    for (Node resource : session.api().get(ALL).list("resources")) {
      ids.add(resource.text("id"));
    }
    if (ids.contains(id.toString())) {
      return "";
    }
    String near = Text.nearest(id.toString(), ids);
    return near.isEmpty() ? "cot get shows those that there are" : "did you mean " + near + "?";
  }
}
