package io.cotidal.app.kinds;

import io.cotidal.app.config.Clusters;
import io.cotidal.app.config.ClustersSection;
import io.cotidal.app.config.Configuration;
import io.cotidal.app.config.KindSection;
import io.cotidal.app.config.StorePlace;
import io.cotidal.app.postgres.AlertDesk;
import io.cotidal.app.postgres.HandyrepHandler;
import io.cotidal.app.postgres.OwnGround;
import io.cotidal.app.postgres.PlaneClusters;
import io.cotidal.app.postgres.Rebuild;
import io.cotidal.app.postgres.StateDesk;
import io.cotidal.app.postgres.rehearsal.OnClones;
import io.cotidal.engine.Kind;
import io.cotidal.engine.ResourceView;
import io.cotidal.model.Action;
import io.cotidal.model.Permission;
import io.cotidal.model.ResourceId;
import io.cotidal.model.Secret;
import io.cotidal.postgres.actions.PostgresActions;
import io.cotidal.postgres.compat.Handyrep;
import io.cotidal.postgres.plan.proxying.ProxiedKind;
import io.cotidal.postgres.proxies.ProxiedDriver;
import io.cotidal.postgres.reach.Machines;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Reach;
import io.cotidal.postgres.spec.Server;
import io.cotidal.postgres.spec.StateTable;
import io.cotidal.postgres.steps.PostgresDriver;
import io.cotidal.remote.LocalProcesses;
import io.cotidal.remote.ssh.HostKeys;
import io.cotidal.remote.ssh.SshAccess;
import io.cotidal.remote.ssh.SshFailure;
import io.cotidal.remote.ssh.SshHosts;
import io.cotidal.runtime.Managed;
import io.cotidal.server.CompatListener;
import io.cotidal.server.Doctor;
import io.cotidal.server.compat.Authenticator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Clusters of PostgreSQL: resources alone, and the programs that they need. */
final class PostgresWing implements Wing {
  private static final String HANDYREP = "handyrep";

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
  public Map<ResourceId, Object> wanted(Configuration configuration) {
    Clusters clusters = configuration.of(Clusters.class);
    return clusters.named().stream()
        .collect(
            Collectors.toMap(
                PostgresSpec::id,
                spec -> List.of(spec, Optional.ofNullable(clusters.tables().get(spec.id())))));
  }

  @Override
  public Open open(Configuration configuration, Basis basis) {
    return new Here(
        configuration.of(Clusters.class),
        basis.replicas(),
        configuration.store(),
        new LocalProcesses());
  }

  private static final class Here implements Open, Exchange {
    private volatile List<PostgresSpec> clusters;
    private volatile Map<ResourceId, StateTable> tables;
    private final Map<ResourceId, PostgresDriver> drivers = new ConcurrentHashMap<>();
    private final Replicas replicas;
    private final StorePlace store;
    private final LocalProcesses processes;
    private final Machines machines;
    private final OnClones rehearsals;
    private final Optional<Clusters.Handyrep> handyrep;
    private @Nullable CompatListener listener;
    private volatile @Nullable Ground ground;
    private final List<AutoCloseable> subscriptions = new ArrayList<>();

    Here(Clusters clusters, Replicas replicas, StorePlace store, LocalProcesses processes) {
      this.clusters = clusters.named();
      this.tables = clusters.tables();
      this.handyrep = clusters.handyrep();
      this.replicas = replicas;
      this.store = store;
      this.processes = processes;
      this.machines = new Machines(processes, new SshHosts());
      this.rehearsals = new OnClones(store.folder().resolve("rehearsals"), machines, this::shown);
    }

    @Override
    public void start(Ground house) throws IOException {
      ground = house;
      List<PostgresSpec> swept = clusters;
      Thread.ofVirtual().name("clones left behind").start(() -> rehearsals.sweep(swept));
      listen(house);
      if (handyrep.isPresent()) {
        serve(handyrep.get(), house);
      }
    }

    private Optional<ResourceView> shown(ResourceId cluster) {
      Ground house = ground;
      return house == null ? Optional.empty() : house.daemon().resource(cluster);
    }

    private void serve(Clusters.Handyrep written, Ground house) throws IOException {
      if (written.api()) {
        house.mount().accept(HANDYREP, protocol(written, Optional.empty(), house));
      }
      if (written.listen().isPresent()) {
        CompatListener opened =
            new CompatListener(
                protocol(written, Optional.of(written.cluster()), house),
                written.listen().get(),
                InstantSource.system(),
                house.options());
        listener = opened;
        opened.start();
      }
    }

    private CompatListener.Protocol protocol(
        Clusters.Handyrep written, Optional<String> bound, Ground house) {
      PlaneClusters.House shared =
          new PlaneClusters.House(
              house.plane(), id -> spec(clusters, id), house.options().reconfiguration());
      List<Authenticator.Shared> passwords = new ArrayList<>();
      written
          .adminPassword()
          .ifPresent(
              secret -> passwords.add(shared("handyrep-admin", secret, Permission.OPERATOR)));
      written
          .readPassword()
          .ifPresent(secret -> passwords.add(shared("handyrep-read", secret, Permission.VIEWER)));
      return new CompatListener.Protocol(
          HANDYREP,
          new HandyrepHandler(new Handyrep(bound), caller -> new PlaneClusters(shared, caller)),
          new Authenticator(house.credentials(), Optional.empty(), passwords),
          sentence -> {});
    }

    private static Authenticator.Shared shared(String name, Secret password, Permission role) {
      return new Authenticator.Shared(name, password, role, "postgres/*");
    }

    @Override
    public void close() {
      rehearsals.close();
      CompatListener opened = listener;
      if (opened != null) {
        opened.close();
      }
      hush();
    }

    /** Tells people and tables of what happens to the clusters. */
    private void listen(Ground house) {
      subscriptions.add(house.daemon().subscribe(new AlertDesk(clusters)));
      List<StateDesk.Wanted> wanted = new ArrayList<>();
      for (PostgresSpec spec : clusters) {
        StateTable table = tables.get(spec.id());
        if (table != null) {
          wanted.add(new StateDesk.Wanted(spec, table));
        }
      }
      if (!wanted.isEmpty()) {
        StateDesk desk = new StateDesk(wanted, house.daemon(), house.clock());
        subscriptions.add(desk);
        subscriptions.add(house.daemon().subscribe(desk));
      }
    }

    private void hush() {
      try {
        for (AutoCloseable each : subscriptions) {
          each.close();
        }
        subscriptions.clear();
      } catch (Exception e) {
        throw new IllegalStateException("a subscription ends without fail", e);
      }
    }

    @Override
    public List<Managed<?, ?>> resources() {
      List<Managed<?, ?>> resources = clusters.stream().<Managed<?, ?>>map(this::managed).toList();
      drivers.forEach(replicas::add);
      return resources;
    }

    @Override
    public Optional<Exchange> exchange() {
      return Optional.of(this);
    }

    @Override
    public Managed<?, ?> resource(Configuration next, ResourceId id) {
      return managed(
          spec(next.of(Clusters.class).named(), id)
              .orElseThrow(() -> new IllegalArgumentException("nothing is written of " + id)));
    }

    @Override
    public Optional<String> objection(Configuration next, ResourceView running) {
      Optional<PostgresSpec> before = spec(clusters, running.id());
      Optional<PostgresSpec> after = spec(next.of(Clusters.class).named(), running.id());
      return before.isEmpty() || after.isEmpty()
          ? Optional.empty()
          : Rebuild.objection(before.get(), after.get(), running);
    }

    @Override
    public void applied(Configuration next, Set<ResourceId> changed) {
      List<PostgresSpec> named = next.of(Clusters.class).named();
      List<PostgresSpec> now =
          new ArrayList<>(clusters.stream().filter(each -> !changed.contains(each.id())).toList());
      named.stream().filter(each -> changed.contains(each.id())).forEach(now::add);
      clusters = List.copyOf(now);
      tables = next.of(Clusters.class).tables();
      for (ResourceId id : changed) {
        PostgresDriver driver = drivers.get(id);
        if (spec(named, id).isEmpty()) {
          replicas.remove(id);
        } else if (driver != null) {
          replicas.add(id, driver);
        }
      }
      Ground house = ground;
      if (house != null) {
        hush();
        listen(house);
      }
    }

    private static Optional<PostgresSpec> spec(List<PostgresSpec> among, ResourceId id) {
      return among.stream().filter(each -> each.id().equals(id)).findFirst();
    }

    private Managed<?, ?> managed(PostgresSpec spec) {
      PostgresDriver driver = new PostgresDriver(spec.withoutProxies(), machines, rehearsals);
      drivers.put(spec.id(), driver);
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
