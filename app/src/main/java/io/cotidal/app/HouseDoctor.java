package io.cotidal.app;

import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.StorePlace;
import io.cotidal.app.kinds.Wing;
import io.cotidal.engine.ResourceView;
import io.cotidal.model.MemberView;
import io.cotidal.model.Severity;
import io.cotidal.runtime.ControlPlane;
import io.cotidal.server.Doctor;
import io.cotidal.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Looks at the daemon, its disk and its resources, and asks each kind what it finds. */
final class HouseDoctor implements Doctor {
  private static final long ROOM = 100L << 20;

  private final Configuration configuration;
  private final ControlPlane control;
  private final List<Wing.Open> wings;
  private final Supplier<List<Check>> configurations;

  /** {@code configurations} says whether file, daemon and store agree. */
  HouseDoctor(
      Configuration configuration,
      ControlPlane control,
      List<Wing.Open> wings,
      Supplier<List<Check>> configurations) {
    this.configurations = configurations;
    this.configuration = configuration;
    this.control = control;
    this.wings = List.copyOf(wings);
  }

  @Override
  public List<Check> examine() {
    List<Check> checks = new ArrayList<>();
    checks.addAll(daemon());
    checks.add(disk());
    checks.addAll(agreement());
    control.resources().forEach(view -> checks.add(resource(view)));
    wings.forEach(wing -> checks.addAll(wing.checks()));
    return checks;
  }

  private List<Check> daemon() {
    List<String> problems = control.health().problems();
    return problems.isEmpty()
        ? List.of(Check.well("daemon", "leads, and its journal takes writes"))
        : problems.stream()
            .map(problem -> Check.ill("daemon", problem, "see the daemon's log"))
            .toList();
  }

  private List<Check> agreement() {
    try {
      return configurations.get();
    } catch (StoreException e) {
      return List.of(
          Check.ill("configuration", String.valueOf(e.getMessage()), "see the daemon's log"));
    }
  }

  private Check disk() {
    Path folder = configuration.store().folder();
    String name = configuration.store() instanceof StorePlace.File ? "store" : "state-folder";
    try {
      long free = Files.getFileStore(folder).getUsableSpace();
      String sentence = folder + " has " + (free >> 20) + " MiB free";
      return free >= ROOM
          ? Check.well(name, sentence)
          : Check.ill(
              name, sentence, "free some: without room for its journal the daemon cannot act");
    } catch (IOException e) {
      return Check.ill(name, folder + " cannot be looked at", "check its owner, mode and mount");
    }
  }

  private static Check resource(ResourceView view) {
    String name = view.id().toString();
    String sentence = view.diagnosis().sentence();
    for (MemberView member : view.members()) {
      if (member.severity() == Severity.CRITICAL) {
        sentence += "; " + member.id() + ": " + member.status();
      }
    }
    return view.diagnosis().severity() == Severity.INFO
        ? Check.well(name, sentence)
        : Check.ill(name, sentence, "cot status " + name + " shows the evidence");
  }
}
