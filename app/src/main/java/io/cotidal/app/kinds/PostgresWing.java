package io.cotidal.app.kinds;

import io.cotidal.app.config.Clusters;
import io.cotidal.app.config.ClustersSection;
import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.KindSection;
import io.cotidal.app.postgres.AlertDesk;
import io.cotidal.engine.Kind;
import io.cotidal.model.Action;
import io.cotidal.postgres.actions.PostgresActions;
import io.cotidal.postgres.plan.ProxiedKind;
import io.cotidal.postgres.proxies.ProxiedDriver;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import io.cotidal.postgres.steps.PostgresDriver;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.runtime.Managed;
import io.cotidal.server.Doctor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Clusters of PostgreSQL: resources alone, and the programs that they need. */
final class PostgresWing implements Wing {
  @Override
  public Kind<?, ?> kind() {
    return new ProxiedKind();
  }

  @Override
  public KindSection<?> section() {
    return new ClustersSection();
  }

  @Override
  public List<Action> actions() {
    return PostgresActions.ALL;
  }

  @Override
  public Open open(Configuration configuration, Basis basis) {
    return new Here(configuration.of(Clusters.class).named(), basis.replicas());
  }

  private static final class Here implements Open {
    private final List<PostgresSpec> clusters;
    private final Replicas replicas;
    private @Nullable AutoCloseable alerts;

    Here(List<PostgresSpec> clusters, Replicas replicas) {
      this.clusters = clusters;
      this.replicas = replicas;
    }

    @Override
    public void start(Ground ground) {
      alerts = ground.daemon().subscribe(new AlertDesk(clusters));
    }

    @Override
    public void close() {
      try {
        if (alerts != null) {
          alerts.close();
        }
      } catch (Exception e) {
        throw new IllegalStateException("a subscription ends without fail", e);
      }
    }

    @Override
    public List<Managed<?, ?>> resources() {
      return clusters.stream().<Managed<?, ?>>map(this::managed).toList();
    }

    private Managed<?, ?> managed(PostgresSpec spec) {
      LocalProcesses processes = new LocalProcesses();
      PostgresDriver driver = new PostgresDriver(spec.withoutProxies(), processes);
      replicas.add(spec.id(), driver);
      return new Managed<>(new ProxiedKind(), spec, new ProxiedDriver(spec, driver, processes));
    }

    @Override
    public List<Doctor.Check> checks() {
      List<Doctor.Check> checks = new ArrayList<>();
      for (PostgresSpec cluster : clusters) {
        cluster.servers().forEach(server -> checks.add(programs(cluster, server)));
      }
      return checks;
    }

    private static Doctor.Check programs(PostgresSpec cluster, Server server) {
      String name = cluster.id() + "/" + server.id();
      for (String program : List.of("initdb", "postgres", "pg_ctl")) {
        Path path = server.bin().resolve(program);
        if (!Files.isExecutable(path)) {
          return Doctor.Check.ill(
              name, path + " is missing or cannot be run", "correct bin, or install PostgreSQL");
        }
      }
      return Doctor.Check.well(name, "its programs are in " + server.bin());
    }
  }
}
