package io.cotidal.app.config;

import io.cotidal.model.ResourceId;
import io.cotidal.objects.spec.ObjectsSpec;
import java.util.List;

/**
 * What the operator asked for of namespaces over independent Swift sites.
 *
 * @param named in the order of the file
 */
public record Namespaces(List<ObjectsSpec> named) {
  /** The kind's name, and its key in the file. */
  public static final String KIND = "objects";

  /** Copies the list. */
  public Namespaces {
    named = List.copyOf(named);
  }

  /** Of them only the one of that name, or none. */
  public Namespaces only(String name) {
    return new Namespaces(named.stream().filter(each -> each.id().name().equals(name)).toList());
  }

  /** Which they are. */
  public List<ResourceId> ids() {
    return named.stream().map(ObjectsSpec::id).toList();
  }
}
