package io.cotidal.postgres.plan;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.LinkView;
import io.cotidal.model.MemberId;
import io.cotidal.model.MemberView;
import io.cotidal.model.Observation;
import io.cotidal.model.Report;
import io.cotidal.model.Report.Line;
import io.cotidal.model.Report.Verdict;
import io.cotidal.postgres.actions.Questions;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.cluster.Doctor;
import io.cotidal.postgres.plan.cluster.Ledger;
import io.cotidal.postgres.plan.cluster.Out;
import io.cotidal.postgres.plan.cluster.PgDiagnosis;
import io.cotidal.postgres.plan.cluster.Sentences;
import io.cotidal.postgres.plan.cluster.Upstreams;
import io.cotidal.postgres.plan.settings.SettingsReport;
import io.cotidal.postgres.plan.succession.Guarantee;
import io.cotidal.postgres.plan.succession.Rehearsal;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Reach;
import io.cotidal.postgres.spec.Server;
import io.cotidal.postgres.spec.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Answers to questions by what is known already: pure, nobody is looked at for it. */
public final class Readings {
  private final PostgresSpec spec;
  private final State<PgFacts> state;
  private final Ledger ledger;
  private final Out out;

  /** Of the servers; what else {@code state} has is left aside. */
  public Readings(PostgresSpec spec, State<PgFacts> state) {
    this.spec = spec;
    SortedMap<MemberId, MemberState<PgFacts>> servers = new TreeMap<>(state.members());
    servers.keySet().retainAll(spec.members());
    this.state = Onlooker.seen(spec.withoutProxies(), state.withMembers(servers));
    this.ledger = Ledger.of(this.state.ledger());
    this.out = Out.of(this.state, ledger);
  }

  /**
   * Answers it.
   *
   * @throws IllegalArgumentException with one line if there is no such question, or its input does
   *     not fit
   */
  public Report answer(String question, Details input) {
    return switch (question) {
      case Questions.CHECK_PRIMARY -> primary();
      case Questions.CHECK_REPLICAS -> replicas();
      case Questions.SERVERS -> servers(input.get("role", ""));
      case Questions.SERVER -> server(input.get("member", ""));
      case Questions.SETTINGS ->
          new SettingsReport(spec, state).report(input.get("all", "false").equals("true"));
      case Questions.LOSSES -> new LossBoard(state).report(input.get("of", ""));
      case Questions.FAILOVER_CHECK -> new Rehearsal(spec, state).report();
      default -> throw new IllegalArgumentException("nobody answers '" + question + "' here");
    };
  }

  /** Who should be primary, by the ledger. */
  public Optional<MemberId> leader() {
    return ledger.primary();
  }

  /** Whether all that the primary writes comes to the member, by way of whomever. */
  public boolean streams(MemberId member) {
    return ledger
        .primary()
        .filter(primary -> new Upstreams(spec, state).streams(member, primary))
        .isPresent();
  }

  /** Why a member does not run, if a person wants it so; else empty. */
  public String out(MemberId member) {
    return out.why(member);
  }

  private Report primary() {
    PgDiagnosis diagnosis = new Doctor(spec, state).diagnose();
    String guarantee = new Guarantee(spec, state).sentence();
    Optional<MemberId> primary = ledger.primary();
    if (primary.isEmpty()) {
      return new Report(
          diagnosis.sentence(), List.of(new Line("primary", Verdict.NO, diagnosis.sentence())));
    }
    MemberState<PgFacts> member = state.member(primary.get());
    PgFacts facts = member == null ? null : member.facts();
    Verdict verdict = verdict(member);
    if (facts != null) {
      verdict = facts.recovering() || !facts.writable() ? Verdict.NO : Verdict.YES;
    }
    Line line =
        new Line(
            primary.get().name(),
            verdict,
            sentence(primary.get()),
            "",
            Details.of("guarantee", guarantee).with("diagnosis", diagnosis.code()));
    return new Report(diagnosis.sentence(), List.of(line));
  }

  private Report replicas() {
    List<Line> lines = new ArrayList<>();
    List<LinkView> links = new Screens(spec, state).links();
    for (MemberId id : spec.members()) {
      if (!ledger.primary().equals(Optional.of(id))) {
        lines.add(replica(id, links));
      }
    }
    long follow = lines.stream().filter(line -> line.verdict() == Verdict.YES).count();
    return new Report(follow + " of " + lines.size() + " are as they should be", lines);
  }

  private Line replica(MemberId id, List<LinkView> links) {
    String name = id.name();
    PgFacts facts = facts(id);
    Upstreams upstreams = new Upstreams(spec, state);
    if (out.has(id)) {
      return facts == null
          ? new Line(name, Verdict.YES, out.why(id))
          : new Line(name, Verdict.NO, "runs although it is " + out.why(id));
    }
    if (facts == null) {
      return new Line(name, verdict(state.member(id)), sentence(id));
    }
    Optional<MemberId> primary = ledger.primary();
    if (primary.isEmpty() || !upstreams.streams(id, primary.get())) {
      return new Line(name, Verdict.NO, sentence(id), "cot remaster, or cot doctor", Details.NONE);
    }
    Long lag =
        links.stream()
            .filter(link -> link.to().equals(id))
            .flatMap(link -> Optional.ofNullable(link.lagBytes()).stream())
            .findFirst()
            .orElse(null);
    return lagging(id, lag);
  }

  private Line lagging(MemberId id, @Nullable Long lag) {
    long limit = spec.practice().policy().of(id).lagLimit();
    Details facts = lag == null ? Details.NONE : Details.of("lag-bytes", lag);
    if (lag == null) {
      return new Line(id.name(), Verdict.UNKNOWN, "nobody can tell how far behind it is");
    }
    Optional<MemberId> from =
        new Upstreams(spec, state)
            .sender(id)
            .filter(one -> !ledger.primary().equals(Optional.of(one)));
    String behind =
        "streams" + from.map(one -> " from " + one).orElse("") + ", " + lag + " bytes behind";
    return limit == Standing.UNLIMITED || lag <= limit
        ? new Line(id.name(), Verdict.YES, behind, "", facts)
        : new Line(id.name(), Verdict.NO, behind + "; its limit is " + limit, "", facts);
  }

  private Report servers(String role) {
    if (!role.isEmpty() && !role.equals("primary") && !role.equals("replica")) {
      throw new IllegalArgumentException("role '" + role + "': write primary or replica");
    }
    List<Line> lines = new ArrayList<>();
    for (MemberView view : new Screens(spec, state).members()) {
      boolean primary = ledger.primary().equals(Optional.of(view.id()));
      if (role.isEmpty() || role.equals(primary ? "primary" : "replica")) {
        lines.add(line(view).with(view.facts()));
      }
    }
    return new Report(lines.size() + " of " + spec.members().size() + " servers", lines);
  }

  private Line line(MemberView view) {
    boolean primary = ledger.primary().equals(Optional.of(view.id()));
    Verdict verdict = verdict(state.member(view.id()));
    return new Line(
        view.id().name(),
        out.has(view.id()) ? Verdict.YES : verdict,
        view.status(),
        "",
        Details.of("role", primary ? "primary" : "replica"));
  }

  private Report server(String name) {
    Server server =
        spec.servers().stream()
            .filter(each -> each.id().name().equals(name))
            .findFirst()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "no member '" + name + "': choose one of " + Ledger.join(spec.members())));
    Details facts = settings(server);
    for (MemberView view : new Screens(spec, state).members()) {
      if (view.id().equals(server.id())) {
        return new Report(view.status(), List.of(line(view).with(view.facts().with(facts))));
      }
    }
    return new Report("not looked at yet", List.of(new Line(name, Verdict.UNKNOWN, "", "", facts)));
  }

  /** Every setting in force for the member; passwords are none of them. */
  private Details settings(Server server) {
    Standing standing = spec.practice().policy().of(server.id());
    Details facts =
        Details.of("address.control", server.addresses().control())
            .with("address.replication", server.addresses().replication())
            .with("address.client", server.addresses().client())
            .with("port", server.port())
            .with("driver", driver(server))
            .with("priority", standing.priority())
            .with("never", standing.never())
            .with("tags", String.join(",", standing.tags()))
            .with("superuser", spec.access().superuser())
            .with("replication-user", spec.access().replicationUser());
    if (server.gated()) {
      facts = facts.with("data", server.data()).with("bin", server.bin());
    }
    if (!server.user().isEmpty()) {
      facts = facts.with("user", server.user());
    }
    if (server.follows().isPresent()) {
      facts = facts.with("follows", server.follows().get());
    }
    for (var setting : spec.settings().entrySet()) {
      facts = facts.with("settings." + setting.getKey(), setting.getValue());
    }
    return standing.lagLimit() == Standing.UNLIMITED
        ? facts
        : facts.with("lag-limit", standing.lagLimit());
  }

  private static String driver(Server server) {
    return switch (server.reach()) {
      case Reach.Local local -> "local";
      case Reach.Ssh ssh -> "ssh";
      case Reach.Sql sql -> "sql";
    };
  }

  private String sentence(MemberId id) {
    MemberState<PgFacts> member = state.member(id);
    return member == null ? "not looked at yet" : Sentences.member(member, state.now());
  }

  private @Nullable PgFacts facts(MemberId id) {
    MemberState<PgFacts> member = state.member(id);
    return member == null ? null : member.facts();
  }

  /** Who is silent may be anything; only a refusal is a no. */
  private static Verdict verdict(@Nullable MemberState<PgFacts> member) {
    Observation<PgFacts> latest = member == null ? null : member.latest();
    return switch (latest) {
      case null -> Verdict.UNKNOWN;
      case Observation.Seen<PgFacts> seen -> Verdict.YES;
      case Observation.Refused<PgFacts> refused -> Verdict.NO;
      case Observation.Silent<PgFacts> silent -> Verdict.UNKNOWN;
      case Observation.CannotTell<PgFacts> cannot -> Verdict.UNKNOWN;
    };
  }
}
