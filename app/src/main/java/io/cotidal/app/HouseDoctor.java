package io.cotidal.app;

import io.cotidal.app.config.Configuration;
import io.cotidal.engine.ResourceView;
import io.cotidal.model.MemberView;
import io.cotidal.model.Severity;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import io.cotidal.runtime.ControlPlane;
import io.cotidal.server.Doctor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Looks at the daemon, its disk, its resources and the programs that it needs. */
final class HouseDoctor implements Doctor {
  private static final long ROOM = 100L << 20;

  private final Configuration configuration;
  private final ControlPlane control;

  HouseDoctor(Configuration configuration, ControlPlane control) {
    this.configuration = configuration;
    this.control = control;
  }

  @Override
  public List<Check> examine() {
    List<Check> checks = new ArrayList<>();
    checks.addAll(daemon());
    checks.add(disk());
    control.resources().forEach(view -> checks.add(resource(view)));
    for (PostgresSpec cluster : configuration.postgres()) {
      cluster.servers().forEach(server -> checks.add(programs(cluster, server)));
    }
    return checks;
  }

  private List<Check> daemon() {
    List<String> problems = control.health().problems();
    return problems.isEmpty()
        ? List.of(well("daemon", "leads, and its journal takes writes"))
        : problems.stream().map(problem -> ill("daemon", problem, "see the daemon's log")).toList();
  }

  private Check disk() {
    Path folder = configuration.store().toAbsolutePath().getParent();
    try {
      long free = Files.getFileStore(folder).getUsableSpace();
      String sentence = folder + " has " + (free >> 20) + " MiB free";
      return free >= ROOM
          ? well("store", sentence)
          : ill("store", sentence, "free some: without room for its journal the daemon cannot act");
    } catch (IOException e) {
      return ill("store", folder + " cannot be looked at", "check its owner, mode and mount");
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
        ? well(name, sentence)
        : ill(name, sentence, "cot status " + name + " shows the evidence");
  }

  private static Check programs(PostgresSpec cluster, Server server) {
    String name = cluster.id() + "/" + server.id();
    for (String program : List.of("initdb", "postgres", "pg_ctl")) {
      Path path = server.bin().resolve(program);
      if (!Files.isExecutable(path)) {
        return ill(
            name, path + " is missing or cannot be run", "correct bin, or install PostgreSQL");
      }
    }
    return well(name, "its programs are in " + server.bin());
  }

  private static Check well(String name, String sentence) {
    return new Check(name, true, sentence, "");
  }

  private static Check ill(String name, String sentence, String remedy) {
    return new Check(name, false, sentence, remedy);
  }
}
