package io.cotidal.cli.commands;

import io.cotidal.cli.api.Node;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import io.cotidal.cli.terminal.Text;
import io.cotidal.model.ResourceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Templates and their copies, asked of the server. */
final class Items {
  private final Session session;

  Items(Session session) {
    this.session = session;
  }

  /** A copy with the template that it is of. */
  record Copy(ItemName name, Node item) {}

  /** The copies of one template, or of all, that the caller may see. */
  List<Copy> copies(Optional<ResourceId> template) {
    List<Copy> copies = new ArrayList<>();
    if (template.isPresent()) {
      ResourceId id = template.get();
      String path = Resources.path(id) + "/items?sort=" + ItemName.COPY;
      add(
          copies,
          id,
          new Resources(session).naming(id, () -> session.api().get(path)).list("items"));
      return copies;
    }
    for (Node resource : templates()) {
      add(copies, ResourceId.parse(resource.text("id")), resource.list("items"));
    }
    return copies;
  }

  private static void add(List<Copy> copies, ResourceId template, List<Node> items) {
    for (Node item : items) {
      if (item.text("sort").equals(ItemName.COPY)) {
        copies.add(new Copy(new ItemName(template, item.text("name")), item));
      }
    }
  }

  /** All templates, worst first. */
  List<Node> templates() {
    return new Resources(session)
        .worstFirst().stream().filter(it -> it.text("id").startsWith(ItemName.KIND + "/")).toList();
  }

  /** One copy, or a failure that names the nearest. */
  Node copy(ItemName name) {
    return get(name, name.path());
  }

  /** How it is reached: connection strings by dialect. They hold its password. */
  Map<String, String> access(ItemName name) {
    return new TreeMap<>(get(name, name.path() + "/access").texts("access"));
  }

  private Node get(ItemName name, String path) {
    try {
      return session.api().get(path);
    } catch (Failure failure) {
      throw failure.exit() == ExitCode.NOT_FOUND ? missing(name, failure) : failure;
    }
  }

  private Failure missing(ItemName name, Failure failure) {
    List<String> names = new ArrayList<>();
    for (Copy copy : copies(Optional.of(name.template()))) {
      names.add(copy.name().name());
    }
    String near = Text.nearest(name.name(), names);
    String list = "cot copy list " + name.template();
    return names.contains(name.name())
        ? failure
        : new Failure(
            ExitCode.NOT_FOUND,
            "there is no copy " + name + " of yours",
            near.isEmpty()
                ? list + " shows them"
                : "did you mean " + new ItemName(name.template(), near) + "?");
  }
}
