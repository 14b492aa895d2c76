package io.cotidal.postgres.plan;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.model.Answers;
import io.cotidal.model.Details;
import io.cotidal.model.LinkView;
import io.cotidal.model.MemberId;
import io.cotidal.model.MemberView;
import io.cotidal.model.Observation;
import io.cotidal.model.Severity;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.observe.Told;
import io.cotidal.postgres.plan.archiving.LogBoard;
import io.cotidal.postgres.plan.cluster.DiskBoard;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.Out;
import io.cotidal.postgres.plan.cluster.Sentences;
import io.cotidal.postgres.plan.cluster.Upstreams;
import io.cotidal.postgres.plan.logical.LogicalBoard;
import io.cotidal.postgres.plan.settings.SettingsBoard;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Reach;
import io.cotidal.postgres.spec.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A cluster as every screen shows it. */
public final class Screens {
  private final PostgresSpec spec;
  private final State<PgFacts> state;
  private final Ledger ledger;
  private final Out out;
  private final Upstreams upstreams;

  /** As of that state. */
  public Screens(PostgresSpec spec, State<PgFacts> state) {
    this.spec = spec;
    this.state = state;
    this.ledger = Ledger.of(state.ledger());
    this.out = Out.of(state, ledger);
    this.upstreams = new Upstreams(spec, state, ledger, out);
  }

  List<MemberView> members() {
    List<MemberView> views = new ArrayList<>();
    for (MemberId id : spec.members()) {
      MemberState<PgFacts> member = state.member(id);
      if (member != null) {
        views.add(view(member));
      }
    }
    return views;
  }

  private MemberView view(MemberState<PgFacts> member) {
    PgFacts facts = member.facts();
    Details columns =
        spec.server(member.id())
            .map(Screens::place)
            .orElse(Details.NONE)
            .with("process", Sentences.process(member.host()))
            .with("stamp", member.host().stamp());
    if (out.has(member.id())) {
      columns = columns.with("out", out.why(member.id()));
    }
    columns = columns.with(new DiskBoard(spec, state).columns(member.id()));
    if (facts == null) {
      columns = columns.with(new LogBoard(spec, state).columns(member.id()));
      boolean wasPrimary = ledger.primary().equals(Optional.of(member.id()));
      return new MemberView(
          member.id(),
          wasPrimary ? "primary" : "unknown",
          Answers.of(member.latest()),
          Sentences.member(member, state.now()),
          out.has(member.id()) ? Severity.INFO : severity(member, wasPrimary),
          false,
          columns);
    }
    columns =
        columns
            .with("timeline", facts.timeline())
            .with("position", Sentences.lsn(facts.position()))
            .with("version", facts.version() / 10_000 + "." + facts.version() % 10_000)
            .with(new LogBoard(spec, state).columns(member.id()))
            .with(new LogicalBoard(spec, state).columns(member.id()))
            .with(new SettingsBoard(spec, state).columns(member.id()));
    Told told = facts.told();
    columns = told == null ? columns : columns.with(told.columns());
    boolean right = facts.recovering() != ledger.primary().equals(Optional.of(member.id()));
    boolean well =
        !facts.recovering()
            || ledger.primary().filter(p -> upstreams.streams(member.id(), p)).isPresent();
    return new MemberView(
        member.id(),
        facts.recovering() ? "replica" : "primary",
        Answers.of(member.latest()),
        Sentences.member(member, state.now()),
        right && well ? Severity.INFO : Severity.WARNING,
        facts.writable(),
        columns);
  }

  private static Details place(Server server) {
    Details place = Details.of("address", server.addresses().client() + ":" + server.port());
    return switch (server.reach()) {
      case Reach.Local local -> place;
      case Reach.Ssh ssh -> place.with("driver", "ssh");
      case Reach.Sql sql -> place.with("driver", "sql: no gate, no fence");
    };
  }

  private static Severity severity(MemberState<PgFacts> member, boolean primary) {
    return switch (member.latest()) {
      case null -> Severity.INFO;
      case Observation.CannotTell<PgFacts> cannot -> Severity.WARNING;
      case Observation.Seen<PgFacts> seen -> Severity.INFO;
      case Observation.Refused<PgFacts> refused -> primary ? Severity.CRITICAL : Severity.WARNING;
      case Observation.Silent<PgFacts> silent -> primary ? Severity.CRITICAL : Severity.WARNING;
    };
  }

  List<LinkView> links() {
    Optional<MemberId> primary = ledger.primary();
    if (primary.isEmpty()) {
      return List.of();
    }
    List<LinkView> links = new ArrayList<>();
    PgFacts source = facts(primary.get());
    for (MemberId id : spec.members()) {
      if (id.equals(primary.get()) || out.has(id)) {
        continue;
      }
      PgFacts facts = facts(id);
      if (facts != null && upstreams.streams(id, primary.get())) {
        MemberId from = upstreams.sender(id).orElse(primary.get());
        Long lag = from.equals(primary.get()) ? lag(source, id) : behind(source, facts);
        links.add(new LinkView(from, id, "streaming", lag, false));
      } else {
        links.add(new LinkView(upstreams.of(id, primary.get()), id, "broken", null, true));
      }
    }
    return links;
  }

  private static @Nullable Long lag(@Nullable PgFacts source, MemberId to) {
    if (source == null || source.recovering()) {
      return null;
    }
    return source.senders().stream()
        .filter(sender -> sender.name().equals(to.name()))
        .map(sender -> Math.max(0, source.position() - sender.flushed()))
        .findFirst()
        .orElse(null);
  }

  /** The primary does not know of it; each was asked for itself, so that this is about so much. */
  private static @Nullable Long behind(@Nullable PgFacts source, PgFacts leaf) {
    return source == null || source.recovering()
        ? null
        : (Long) Math.max(0, source.position() - leaf.position());
  }

  private @Nullable PgFacts facts(MemberId id) {
    MemberState<PgFacts> member = state.member(id);
    return member == null ? null : member.facts();
  }
}
