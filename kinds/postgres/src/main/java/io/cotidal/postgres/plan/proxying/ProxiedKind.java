package io.cotidal.postgres.plan.proxying;

import io.cotidal.engine.Command;
import io.cotidal.engine.Kind;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Remarks;
import io.cotidal.engine.State;
import io.cotidal.model.Action;
import io.cotidal.model.Details;
import io.cotidal.model.Found;
import io.cotidal.model.LinkView;
import io.cotidal.model.MemberId;
import io.cotidal.model.MemberView;
import io.cotidal.model.Wanted;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.PostgresKind;
import io.cotidal.postgres.plan.cluster.PgDiagnosis;
import io.cotidal.postgres.plan.cluster.Troubled;
import io.cotidal.postgres.plan.settings.RollOut;
import io.cotidal.postgres.plan.succession.ColdStart;
import io.cotidal.postgres.plan.succession.FailoverType;
import io.cotidal.postgres.plan.succession.Restart;
import io.cotidal.postgres.plan.succession.Switchover;
import io.cotidal.postgres.spec.PostgresSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Clusters with their proxies. The servers are planned as if there were none; here the proxies are
 * added: their steps in a change of primary, their drift, their rows on the screens.
 */
public final class ProxiedKind implements Kind<PostgresSpec, PgFacts> {
  private static final Set<String> CHANGES =
      Set.of(FailoverType.NAME, ColdStart.NAME, Switchover.NAME, Restart.NAME, RollOut.NAME);

  private final PostgresKind servers = new PostgresKind();

  @Override
  public String name() {
    return servers.name();
  }

  @Override
  public Object essence(PostgresSpec spec, PgFacts facts) {
    return facts.proxy() != null ? facts.proxy() : servers.essence(spec, facts);
  }

  @Override
  public PgDiagnosis diagnose(PostgresSpec spec, State<PgFacts> state) {
    PgDiagnosis found = servers.diagnose(spec.withoutProxies(), ServersOnly.of(spec, state));
    Optional<MemberId> primary = found.answering();
    Optional<String> trouble = primary.flatMap(new ProxyBoard(spec, state)::trouble);
    if (primary.isEmpty() || trouble.isEmpty()) {
      return found;
    }
    Troubled troubled =
        found instanceof Troubled already
            ? already
            : new Troubled.Degraded(primary.get(), List.of(), found.evidence());
    return troubled.and("proxies", trouble.get());
  }

  @Override
  public List<Wanted> plan(PostgresSpec spec, State<PgFacts> state) {
    State<PgFacts> ofServers = ServersOnly.of(spec, state);
    List<Wanted> wanted = new ArrayList<>(servers.plan(spec.withoutProxies(), ofServers));
    servers
        .diagnose(spec.withoutProxies(), ofServers)
        .answering()
        .ifPresent(primary -> wanted.addAll(new ProxyBoard(spec, state).wanted(primary)));
    return wanted;
  }

  @Override
  public Remarks remark(PostgresSpec spec, State<PgFacts> state, Details before) {
    return servers.remark(spec.withoutProxies(), ServersOnly.of(spec, state), before);
  }

  @Override
  public Optional<OperationType<PostgresSpec, PgFacts>> operation(String type) {
    if (type.equals(Repoint.NAME)) {
      return Optional.of(new Repoint());
    }
    return servers
        .operation(type)
        .map(found -> CHANGES.contains(type) ? new Proxied(found) : new ServersOnly(found));
  }

  @Override
  public long due(PostgresSpec spec, State<PgFacts> state) {
    return servers.due(spec.withoutProxies(), ServersOnly.of(spec, state));
  }

  @Override
  public Optional<MemberId> heartbeat(PostgresSpec spec, State<PgFacts> state) {
    return servers.heartbeat(spec.withoutProxies(), ServersOnly.of(spec, state));
  }

  @Override
  public PostgresSpec withMembers(PostgresSpec spec, List<Found> found) {
    return servers.withMembers(spec, found);
  }

  @Override
  public Set<MemberId> remembered(Details ledger) {
    return servers.remembered(ledger);
  }

  @Override
  public List<MemberView> members(PostgresSpec spec, State<PgFacts> state) {
    List<MemberView> views =
        new ArrayList<>(servers.members(spec.withoutProxies(), ServersOnly.of(spec, state)));
    views.addAll(new ProxyBoard(spec, state).views());
    return views;
  }

  @Override
  public List<LinkView> links(PostgresSpec spec, State<PgFacts> state) {
    return servers.links(spec.withoutProxies(), ServersOnly.of(spec, state));
  }

  @Override
  public String guarantee(PostgresSpec spec, State<PgFacts> state) {
    return servers.guarantee(spec.withoutProxies(), ServersOnly.of(spec, state));
  }

  @Override
  public List<Action> actions() {
    return servers.actions();
  }

  @Override
  public Command.Begin meant(PostgresSpec spec, State<PgFacts> state, Command.Begin asked) {
    return servers.meant(spec.withoutProxies(), ServersOnly.of(spec, state), asked);
  }

  @Override
  public Details prepare(PostgresSpec spec, State<PgFacts> state, Command.Begin asked) {
    return servers.prepare(spec.withoutProxies(), ServersOnly.of(spec, state), asked);
  }
}
