package io.cotidal.postgres.plan;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.model.Answers;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.MemberView;
import io.cotidal.model.Severity;
import io.cotidal.model.Wanted;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.observe.ProxyFacts;
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
      } else if (!facts.leadsOnlyTo(primary) || facts.paused()) {
        stale.add(proxy.id() + " " + facts.sentence());
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
      if (!facts.leadsOnlyTo(primary) || ours) {
        wanted.add(
            new Wanted(
                Repoint.NAME,
                Details.of(Repairs.MEMBER, proxy.id()).with(Repairs.PRIMARY, primary),
                proxy.id() + " " + facts.sentence() + "; the primary is " + primary,
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

  private static @Nullable ProxyFacts facts(@Nullable MemberState<PgFacts> member) {
    PgFacts facts = member == null ? null : member.facts();
    return facts == null ? null : facts.proxy();
  }
}
