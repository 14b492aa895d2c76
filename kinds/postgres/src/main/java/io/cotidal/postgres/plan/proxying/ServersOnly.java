package io.cotidal.postgres.plan.proxying;

import io.cotidal.engine.Continuation;
import io.cotidal.engine.Forwarding;
import io.cotidal.engine.MemberState;
import io.cotidal.engine.OperationType;
import io.cotidal.engine.Run;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Step;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.spec.PostgresSpec;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** An operation type that is asked as if the cluster had no proxies. */
record ServersOnly(OperationType<PostgresSpec, PgFacts> type)
    implements Forwarding<PostgresSpec, PgFacts> {

  /** What is known of the servers, and of no proxy. */
  static State<PgFacts> of(PostgresSpec spec, State<PgFacts> state) {
    if (spec.practice().proxies().isEmpty()) {
      return state;
    }
    SortedMap<MemberId, MemberState<PgFacts>> servers = new TreeMap<>(state.members());
    spec.practice().proxies().forEach(proxy -> servers.remove(proxy.id()));
    return state.withMembers(servers);
  }

  @Override
  public Continuation steps(Details input, Run run, PostgresSpec spec, State<PgFacts> state) {
    return type.steps(input, run, spec.withoutProxies(), of(spec, state));
  }

  @Override
  public List<Step> predicted(Details input, PostgresSpec spec, State<PgFacts> state) {
    return type.predicted(input, spec.withoutProxies(), of(spec, state));
  }
}
