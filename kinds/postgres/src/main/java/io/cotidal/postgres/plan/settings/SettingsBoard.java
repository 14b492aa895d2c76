package io.cotidal.postgres.plan.settings;

import io.cotidal.engine.MemberState;
import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Wanted;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.observe.ServerSettings;
import io.cotidal.postgres.plan.cluster.Inputs;
import io.cotidal.postgres.plan.cluster.Out;
import io.cotidal.postgres.plan.cluster.PgDiagnosis;
import io.cotidal.postgres.plan.cluster.Troubled;
import io.cotidal.postgres.plan.settings.SettingsDiff.Line;
import io.cotidal.postgres.plan.settings.SettingsDiff.Takes;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What the parameters of the members are, and what should become of them. */
public final class SettingsBoard {
  private static final int SHOWN = 5;

  private final PostgresSpec spec;
  private final State<PgFacts> state;
  private final OwnSettings own;
  private final Out out;
  private final Map<MemberId, List<Line>> drawn = new HashMap<>();

  /** As of that state. */
  public SettingsBoard(PostgresSpec spec, State<PgFacts> state) {
    this.spec = spec;
    this.state = state;
    this.own = new OwnSettings(state.ledger());
    this.out = Out.of(state);
  }

  /** What the server of a member says; empty if it says nothing, or is out. */
  Optional<ServerSettings> settings(MemberId id) {
    MemberState<PgFacts> member = state.member(id);
    PgFacts facts = member == null ? null : member.facts();
    return out.has(id)
        ? Optional.empty()
        : Optional.ofNullable(facts == null ? null : facts.settings());
  }

  /** One line a parameter; none if nothing is known. */
  List<Line> lines(Server server) {
    return drawn.computeIfAbsent(
        server.id(),
        id -> settings(id).map(said -> SettingsDiff.of(spec, server, said, own)).orElse(List.of()));
  }

  /** Names of what waits on a member for a start, whoever set it. */
  List<String> waiting(Server server) {
    TreeSet<String> names = new TreeSet<>();
    settings(server.id()).ifPresent(said -> names.addAll(said.waiting()));
    lines(server).stream()
        .filter(line -> line.takes() == Takes.RESTART)
        .forEach(line -> names.add(line.parameter()));
    return List.copyOf(names);
  }

  /** Values that a server would not take, each once, for people. */
  List<String> problems() {
    return spec.servers().stream()
        .flatMap(server -> lines(server).stream())
        .filter(line -> line.takes() == Takes.ANOTHER_VALUE)
        .map(line ->
            "settings: "
                + line.parameter()
                + " = '"
                + line.wanted().orElse("")
                + "': "
                + line.problem()
                + "; nothing of settings is changed before it is corrected")
        .distinct()
        .toList();
  }

  /** The diagnosis with what is to be said of parameters. */
  public PgDiagnosis judged(PgDiagnosis found) {
    Optional<MemberId> primary = found.answering();
    if (primary.isEmpty() || !spec.practice().care().settings()) {
      return found;
    }
    List<String> problems = problems();
    PgDiagnosis judged = found;
    if (!problems.isEmpty()) {
      Troubled troubled =
          found instanceof Troubled already
              ? already
              : new Troubled.Degraded(primary.get(), List.of(), found.evidence());
      judged = troubled.and("settings", String.join("; ", problems));
    }
    Optional<String> pending = pending();
    if (pending.isEmpty()) {
      return judged;
    }
    // A cluster in trouble says that first; who waits is a column of the member then.
    return judged instanceof PgDiagnosis.Healthy healthy
        ? new PgDiagnosis.Healthy(
            healthy.primary(), healthy.evidence().with(PgDiagnosis.PENDING, pending.get()))
        : judged;
  }

  /** Who waits for a restart, and why: {@code b (shared_buffers)}. */
  Optional<String> pending() {
    String text =
        spec.servers().stream()
            .filter(server -> !waiting(server).isEmpty())
            .map(server -> server.id() + " (" + String.join(", ", waiting(server)) + ")")
            .collect(Collectors.joining(", "));
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  /** What should be put right: replicas first, and nothing before every member has told. */
  public List<Wanted> wanted(PgDiagnosis found) {
    Optional<MemberId> primary = found.answering();
    if (primary.isEmpty() || !spec.practice().care().settings() || !problems().isEmpty()) {
      return List.of();
    }
    List<MemberId> members = new ArrayList<>();
    List<String> changes = new ArrayList<>();
    Details input = Details.NONE;
    for (Server server : ordered(primary.get())) {
      MemberState<PgFacts> member = state.member(server.id());
      if (member == null || !member.answers() || out.has(server.id())) {
        continue;
      }
      Optional<ServerSettings> said = settings(server.id());
      if (said.isEmpty() || !said.get().fresh()) {
        return List.of();
      }
      List<Line> due = lines(server).stream().filter(line -> line.takes() == Takes.RELOAD).toList();
      boolean shut = server.gated() && !said.get().entrance().missing().isEmpty();
      if (due.isEmpty() && !shut) {
        continue;
      }
      members.add(server.id());
      due.forEach(line -> changes.add(server.id() + ": " + line.change()));
      if (shut) {
        changes.add(server.id() + ": pg_hba.conf lacks lines for members");
      }
      input = server.gated() ? input : SettingsRepair.bySql(input, server.id(), due);
    }
    return members.isEmpty()
        ? List.of()
        : List.of(
            new Wanted(
                SettingsRepair.NAME,
                input
                    .with(SettingsRepair.MEMBERS, RollOut.inOrder(members))
                    .with(Inputs.PRIMARY, primary.get()),
                shortened(changes),
                false));
  }

  private static String shortened(List<String> changes) {
    String text = changes.stream().limit(SHOWN).collect(Collectors.joining("; "));
    return changes.size() <= SHOWN ? text : text + "; and " + (changes.size() - SHOWN) + " more";
  }

  /** The servers, the primary last. */
  private List<Server> ordered(MemberId primary) {
    List<Server> ordered = new ArrayList<>(spec.servers());
    ordered.removeIf(server -> server.id().equals(primary));
    spec.server(primary).ifPresent(ordered::add);
    return ordered;
  }

  /** More columns of a member. */
  public Details columns(MemberId id) {
    return spec.server(id)
        .map(this::waiting)
        .filter(names -> !names.isEmpty())
        .map(names -> Details.of("pending-restart", String.join(", ", names)))
        .orElse(Details.NONE);
  }
}
