package io.cotidal.app.kinds;

import io.cotidal.app.config.Clusters;
import io.cotidal.app.config.ClustersSection;
import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.KindSection;
import io.cotidal.app.config.StorePlace;
import io.cotidal.app.postgres.AlertDesk;
import io.cotidal.app.postgres.OwnGround;
import io.cotidal.engine.Kind;
import io.cotidal.model.Action;
import io.cotidal.postgres.actions.PostgresActions;
import io.cotidal.postgres.plan.ProxiedKind;
import io.cotidal.postgres.proxies.ProxiedDriver;
import io.cotidal.postgres.reach.Machines;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Reach;
import io.cotidal.postgres.spec.Server;
import io.cotidal.postgres.steps.PostgresDriver;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.ssh.HostKeys;
import io.cotidal.remote.ssh.SshAccess;
import io.cotidal.remote.ssh.SshFailure;
import io.cotidal.remote.ssh.SshHosts;
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
    return new Here(
        configuration.of(Clusters.class).named(),
        basis.replicas(),
        configuration.store(),
        new LocalProcesses());
  }

  private static final class Here implements Open {
    private final List<PostgresSpec> clusters;
    private final Replicas replicas;
    private final StorePlace store;
    private final LocalProcesses processes;
    private final Machines machines;
    private @Nullable AutoCloseable alerts;

    Here(
        List<PostgresSpec> clusters,
        Replicas replicas,
        StorePlace store,
        LocalProcesses processes) {
      this.clusters = clusters;
      this.replicas = replicas;
      this.store = store;
      this.processes = processes;
      this.machines = new Machines(processes, new SshHosts());
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
      PostgresDriver driver = new PostgresDriver(spec.withoutProxies(), machines);
      replicas.add(spec.id(), driver);
      return new Managed<>(new ProxiedKind(), spec, new ProxiedDriver(spec, driver, processes));
    }

    @Override
    public List<Doctor.Check> checks() {
      List<Doctor.Check> checks = new ArrayList<>();
      for (PostgresSpec cluster : clusters) {
        cluster.servers().forEach(server -> checks.add(check(cluster, server)));
        checks.addAll(OwnGround.checks(store, cluster));
      }
      return checks;
    }

    private static Doctor.Check check(PostgresSpec cluster, Server server) {
      String name = cluster.id() + "/" + server.id();
      return switch (server.reach()) {
        case Reach.Local local -> programs(name, server);
        case Reach.Ssh ssh -> keys(name, ssh.access());
        case Reach.Sql sql ->
            Doctor.Check.well(name, "it is reached by SQL alone: without a gate, never fenced");
      };
    }

    private static Doctor.Check keys(String name, SshAccess access) {
      try {
        String _ = SshHosts.publicKey(access.identity());
        HostKeys keys = access.keys().of(access.host(), access.port());
        return Doctor.Check.well(
            name, access + " is known by " + keys.keys().size() + " host keys");
      } catch (SshFailure e) {
        return Doctor.Check.ill(name, e.trouble().reason(), "run cot member prepare " + name);
      }
    }

    private static Doctor.Check programs(String name, Server server) {
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
