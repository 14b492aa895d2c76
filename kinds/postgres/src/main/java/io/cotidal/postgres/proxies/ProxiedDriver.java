package io.cotidal.postgres.proxies;

import io.cotidal.engine.Driver;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Host;
import io.cotidal.model.Inspection;
import io.cotidal.model.Item;
import io.cotidal.model.MemberId;
import io.cotidal.model.Observation;
import io.cotidal.model.Outcome;
import io.cotidal.model.Progress;
import io.cotidal.model.Report;
import io.cotidal.model.Secret;
import io.cotidal.model.Stamp;
import io.cotidal.model.Step;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.hooks.PluginHooks;
import io.cotidal.postgres.hooks.StatusPlugin;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Proxy;
import io.cotidal.remote.LocalProcesses;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The servers of a cluster, and its proxies beside them. Thread-safe. */
public final class ProxiedDriver implements Driver<PgFacts> {
  private static final Duration DOOR = Duration.ofSeconds(1);

  private final Driver<PgFacts> servers;
  private final PluginHooks plugins;
  private final StatusPlugin status;
  private final Map<MemberId, ProxyNode> proxies = new LinkedHashMap<>();

  /**
   * Reaches the proxies of {@code spec}; nothing is touched yet.
   *
   * @param servers reaches everybody else; closed with this
   */
  public ProxiedDriver(PostgresSpec spec, Driver<PgFacts> servers, LocalProcesses processes) {
    this.servers = servers;
    this.plugins = new PluginHooks(spec, processes);
    this.status = new StatusPlugin(spec, processes);
    for (Proxy proxy : spec.practice().proxies()) {
      ProxyControl control =
          switch (proxy) {
            case Proxy.PgBouncer bouncer -> new PgBouncerConsole(spec, bouncer);
            case Proxy.HaProxy haproxy -> new HaProxySocket(spec, haproxy);
            case Proxy.PgPool pool -> new PgPoolControl(spec, pool);
          };
      proxies.put(proxy.id(), new ProxyNode(proxy, control, processes));
    }
  }

  private @Nullable ProxyNode proxy(@Nullable MemberId member) {
    return member == null ? null : proxies.get(member);
  }

  @Override
  public Observation<PgFacts> observe(MemberId member, Duration deadline) {
    ProxyNode proxy = proxy(member);
    return proxy == null
        ? told(member, servers.observe(member, deadline))
        : proxy.observe(deadline);
  }

  /** With what a plug-in says of a replica, which is asked beside this look. */
  private Observation<PgFacts> told(MemberId member, Observation<PgFacts> look) {
    return look instanceof Observation.Seen<PgFacts> seen && seen.facts().recovering()
        ? new Observation.Seen<>(seen.facts().told(status.latest(member)), seen.host())
        : look;
  }

  @Override
  public Outcome stamp(MemberId member, Stamp stamp, Duration deadline) {
    ProxyNode proxy = proxy(member);
    return proxy == null ? servers.stamp(member, stamp, deadline) : proxy.stamp(stamp, deadline);
  }

  @Override
  public Outcome act(Step step, Stamp stamp, Consumer<Progress> progress) {
    if (step.act().equals(Acts.HOOK) && step.member() != null) {
      return asked(step, step.member(), stamp);
    }
    ProxyNode proxy = proxy(step.member());
    return proxy == null ? servers.act(step, stamp, progress) : proxy.act(step, stamp);
  }

  /** A plug-in is asked only by who would be let in at the member that it is about. */
  private Outcome asked(Step step, MemberId member, Stamp stamp) {
    return switch (servers.stamp(member, stamp, DOOR)) {
      case Outcome.Refused refused -> refused;
      case Outcome.Done done -> plugins.act(step, stamp);
      case Outcome.Failed failed ->
          plugins.forTheUnreachable(step) ? plugins.act(step, stamp) : failed;
      case Outcome.Unknown unknown ->
          plugins.forTheUnreachable(step)
              ? plugins.act(step, stamp)
              : new Outcome.Failed(unknown.reason());
    };
  }

  @Override
  public Inspection inspect(Step step, Stamp stamp) {
    if (step.act().equals(Acts.HOOK)) {
      return plugins.inspect(step);
    }
    ProxyNode proxy = proxy(step.member());
    return proxy == null ? servers.inspect(step, stamp) : proxy.inspect(step, stamp);
  }

  @Override
  public void heartbeat(MemberId member, Stamp stamp, Duration deadline) {
    servers.heartbeat(member, stamp, deadline);
  }

  @Override
  public boolean interruptible(Step step) {
    return proxy(step.member()) == null && servers.interruptible(step);
  }

  @Override
  public Report read(String question, Details input, State<PgFacts> state) {
    return servers.read(question, input, state);
  }

  @Override
  public SortedMap<String, Secret> access(Item item) {
    return servers.access(item);
  }

  @Override
  public void close() {
    status.close();
    proxies.values().forEach(ProxyNode::close);
    servers.close();
  }

  /** What a host says that answers, as far as its gate can be read. */
  static Host host(Stamp stamp) {
    return new Host(Host.Process.RUNNING, stamp, Details.NONE);
  }
}
