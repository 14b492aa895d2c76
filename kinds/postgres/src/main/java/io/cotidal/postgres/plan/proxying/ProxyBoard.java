package io.cotidal.postgres.plan.proxying;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.model.Answers;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.MemberView;
import io.cotidal.model.Observation;
import io.cotidal.model.Severity;
import io.cotidal.model.Wanted;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.observe.ProxyFacts;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.Sentences;
import io.cotidal.postgres.plan.cluster.Upstreams;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How the proxies stand, beside a primary that answers. */
final class ProxyBoard {
  private final PostgresSpec spec;
  private final State<PgFacts> state;

  ProxyBoard(PostgresSpec spec, State<PgFacts> state) {
    this.spec = spec;
    this.state = state;
  }

  /** What is wrong with proxies, in one sentence; empty if nothing is, or nobody has looked. */
  Optional<String> trouble(MemberId primary) {
    List<String> stale = new ArrayList<>();
    for (Proxy proxy : spec.practice().proxies()) {
      MemberState<PgFacts> member = state.member(proxy.id());
      if (member == null || member.latest() == null) {
        continue;
      }
      ProxyFacts facts = facts(member);
      if (facts == null) {
        stale.add(proxy.id() + " does not answer: " + Sentences.member(member, state.now()));
      } else if (!facts.leadsOnlyTo(primary) || facts.paused() || !facts.cautions().isEmpty()) {
        stale.add(proxy.id() + " " + facts.sentence());
      } else if (!new Readers(proxy, facts, primary).right()) {
        stale.add(proxy.id() + " " + new Readers(proxy, facts, primary).sentence());
      }
    }
    int all = spec.practice().proxies().size();
    return stale.isEmpty()
        ? Optional.empty()
        : Optional.of(stale.size() + " of " + all + " proxies stale: " + String.join("; ", stale));
  }

  /** What should be done about it. One that somebody else paused stays paused. */
  List<Wanted> wanted(MemberId primary) {
    List<Wanted> wanted = new ArrayList<>();
    for (Proxy proxy : spec.practice().proxies()) {
      ProxyFacts facts = facts(state.member(proxy.id()));
      if (facts == null) {
        continue;
      }
      boolean ours = facts.paused() && ProxySteps.heldByUs(state.ledger(), proxy.id());
      Readers readers = new Readers(proxy, facts, primary);
      boolean astray = !facts.leadsOnlyTo(primary) || ours;
      if (astray || !readers.right()) {
        String reason = astray ? facts.sentence() : readers.sentence();
        wanted.add(
            new Wanted(
                Repoint.NAME,
                readers.in(Details.of(Inputs.MEMBER, proxy.id()).with(Inputs.PRIMARY, primary)),
                proxy.id() + " " + reason + "; the primary is " + primary,
                false));
      }
    }
    return wanted;
  }

  /** The proxies as every screen shows them. */
  List<MemberView> views() {
    Optional<MemberId> primary = Ledger.of(state.ledger()).primary();
    List<MemberView> views = new ArrayList<>();
    for (Proxy proxy : spec.practice().proxies()) {
      MemberState<PgFacts> member = state.member(proxy.id());
      if (member == null) {
        continue;
      }
      ProxyFacts facts = facts(member);
      boolean well =
          member.latest() == null
              || (facts != null
                  && !facts.paused()
                  && facts.cautions().isEmpty()
                  && primary.filter(facts::leadsOnlyTo).isPresent());
      views.add(
          new MemberView(
              proxy.id(),
              "proxy",
              Answers.of(member.latest()),
              facts == null ? Sentences.member(member, state.now()) : facts.sentence(),
              well ? Severity.INFO : Severity.WARNING,
              false,
              Details.of("software", proxy.software())));
    }
    return views;
  }

  /** The replicas of a proxy that leads readers too: those that stream are used, no dead ones. */
  private final class Readers {
    private final List<MemberId> attach = new ArrayList<>();
    private final List<MemberId> detach = new ArrayList<>();

    Readers(Proxy proxy, ProxyFacts known, MemberId primary) {
      if (!proxy.reads()) {
        return;
      }
      Upstreams upstreams = new Upstreams(spec.withoutProxies(), state);
      for (MemberId id : spec.withoutProxies().members()) {
        MemberState<PgFacts> member = state.member(id);
        if (member == null || id.equals(primary)) {
          continue;
        }
        PgFacts facts = member.facts();
        boolean used = known.attached().contains(id);
        if (!used && facts != null && upstreams.streams(id, primary)) {
          attach.add(id);
        } else if (used && gone(member)) {
          detach.add(id);
        }
      }
    }

    /** One that fails for a moment is not worth the sessions that its detaching ends. */
    private boolean gone(MemberState<PgFacts> member) {
      boolean fails =
          member.latest() instanceof Observation.Refused
              || member.latest() instanceof Observation.Silent;
      long now = state.now().nanos();
      return fails && member.failingFor(now) >= spec.failover().drop().toNanos();
    }

    boolean right() {
      return attach.isEmpty() && detach.isEmpty();
    }

    String sentence() {
      String idle = attach.isEmpty() ? "" : "does not use " + Ledger.join(attach);
      String dead = detach.isEmpty() ? "" : "still uses " + Ledger.join(detach);
      return idle + (idle.isEmpty() || dead.isEmpty() ? "" : " and ") + dead;
    }

    Details in(Details input) {
      Details all = attach.isEmpty() ? input : input.with(Acts.ATTACH, Ledger.join(attach));
      return detach.isEmpty() ? all : all.with(Acts.DETACH, Ledger.join(detach));
    }
  }

  private static @Nullable ProxyFacts facts(@Nullable MemberState<PgFacts> member) {
    PgFacts facts = member == null ? null : member.facts();
    return facts == null ? null : facts.proxy();
  }
}
