package io.cotidal.objects.plan;

import io.cotidal.engine.Command;
import io.cotidal.model.Details;
import io.cotidal.objects.names.ContainerName;
import io.cotidal.objects.spec.ObjectsSpec;

/** What people ask for, checked before it becomes an operation. */
final class Requests {
  private static final String CONTAINER = "container";

  private final ObjectsSpec spec;

  Requests(ObjectsSpec spec) {
    this.spec = spec;
  }

  Details prepare(Command.Begin asked) {
    String where = asked.input().get(CONTAINER, "");
    if (asked.type().equals(Prove.NAME)) {
      return where.isEmpty() ? Details.NONE : input(where);
    }
    if (asked.type().equals(Converge.USUAL.name())) {
      return input(where);
    }
    throw new IllegalArgumentException(asked.type() + " is not asked for: Cotidal plans it itself");
  }

  private Details input(String where) {
    int slash = where.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException(
          "container: write ACCOUNT/CONTAINER, for example AUTH_test/photos");
    }
    ContainerName name = new ContainerName(where.substring(0, slash), where.substring(slash + 1));
    if (!spec.accounts().contains(name.account())) {
      throw new IllegalArgumentException(
          "container: nobody looks after account "
              + name.account()
              + " here; the configuration names "
              + String.join(", ", spec.accounts()));
    }
    return Details.of(Acts.ACCOUNT, name.account()).with(Acts.CONTAINER, name.container());
  }
}
