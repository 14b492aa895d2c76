package io.cotidal.cli.commands;

import io.cotidal.model.Action;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the application puts into {@code cot}.
 *
 * @param version of this build
 * @param actions of all kinds; asked only if a command line needs them, for each kind costs
 *     start-up time
 * @param local commands that run in this process. One named {@code doctor} is used when no server
 *     answers
 */
public record Catalogue(String version, Supplier<List<Action>> actions, List<LocalCommand> local) {
  /** Copies the list. */
  public Catalogue {
    local = List.copyOf(local);
  }
}
