package io.cotidal.postgres.steps;

import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.MemberId;
import io.cotidal.model.Report;
import io.cotidal.model.Report.Line;
import io.cotidal.model.Report.Verdict;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.postgres.observe.Node;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.plan.Readings;
import io.cotidal.remote.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The configuration, held against what each running server says of itself. Reads only. */
final class Validate {
  private static final Duration LIMIT = Duration.ofSeconds(2);

  /** What the server says, one name and one value a row. */
  private static final String SETTINGS =
      """
      SELECT name, setting FROM pg_settings
      WHERE name IN ('port', 'data_directory', 'server_version', 'wal_level', 'max_wal_senders',
                     'max_replication_slots', 'hot_standby', 'wal_log_hints', 'data_checksums')
      UNION ALL
      SELECT 'superuser', (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)::text
      UNION ALL
      SELECT 'replication',
             coalesce((SELECT rolreplication AND rolcanlogin FROM pg_roles WHERE rolname = ?)::text,
                      'absent')
      """;

  private final Cluster cluster;
  private final Readings known;

  Validate(Cluster cluster, State<PgFacts> state) {
    this.cluster = cluster;
    this.known = new Readings(cluster.spec(), state);
  }

  Report report() {
    List<Line> lines = new ArrayList<>();
    for (MemberId id : cluster.spec().members()) {
      lines.addAll(member(id));
    }
    long wrong = lines.stream().filter(line -> line.verdict() == Verdict.NO).count();
    long unknown = lines.stream().filter(line -> line.verdict() == Verdict.UNKNOWN).count();
    return new Report(
        wrong + " of " + lines.size() + " settings do not fit, " + unknown + " cannot be told",
        lines);
  }

  private List<Line> member(MemberId id) {
    String out = known.out(id);
    if (!out.isEmpty()) {
      return List.of(new Line(id.name(), Verdict.YES, out + ": not asked"));
    }
    Deadline deadline = Deadline.in(LIMIT);
    try {
      Node node = cluster.node(id);
      try (PgSession session = PgSession.open(node.login(), deadline.left())) {
        return compared(node, said(session, deadline));
      }
    } catch (ActFailed | PgException e) {
      return List.of(
          new Line(
              id.name(),
              Verdict.UNKNOWN,
              "it cannot be asked: " + e.getMessage(),
              "see cot doctor",
              Details.NONE));
    }
  }

  private Map<String, String> said(PgSession session, Deadline deadline) throws PgException {
    record Setting(String name, String value) {}
    Map<String, String> settings = new HashMap<>();
    session
        .all(
            SETTINGS,
            deadline.left(),
            row -> new Setting(row.getString(1), String.valueOf(row.getString(2))),
            cluster.spec().access().replicationUser())
        .forEach(setting -> settings.put(setting.name(), setting.value()));
    return settings;
  }

  /** One line for each rule, in the order in which they matter. */
  private List<Line> compared(Node node, Map<String, String> said) {
    Rules rules = new Rules(node.id().name(), said);
    int members = cluster.spec().members().size();
    rules.is("port", Integer.toString(node.server().port()), "correct members[].port");
    if (node.server().gated()) {
      rules.is("data_directory", node.data().toString(), "correct members[].data");
    }
    rules.is("superuser", "true", "superuser.name must be a superuser");
    rules.is("replication", "true", "make replication.name a role with LOGIN and REPLICATION");
    rules.among("wal_level", List.of("replica", "logical"), "set wal_level = replica, restart");
    rules.is("hot_standby", "on", "set hot_standby = on, restart");
    rules.atLeast("max_wal_senders", members + 1, "raise it, restart");
    rules.atLeast("max_replication_slots", members, "raise it, restart");
    rules.rewinds();
    return rules.lines;
  }

  /** The lines of one member. */
  private record Rules(String member, Map<String, String> said, List<Line> lines) {
    Rules(String member, Map<String, String> said) {
      this(member, said, new ArrayList<>());
    }

    private void add(String name, boolean good, String wanted, String remedy) {
      String value = said.getOrDefault(name, "");
      boolean told = !value.isEmpty();
      lines.add(
          new Line(
              member + " " + name,
              !told ? Verdict.UNKNOWN : good ? Verdict.YES : Verdict.NO,
              !told ? "it does not say" : good ? value : value + ", and " + wanted + " is wanted",
              good ? "" : remedy,
              Details.NONE));
    }

    void is(String name, String wanted, String remedy) {
      add(name, wanted.equals(said.get(name)), wanted, remedy);
    }

    void among(String name, List<String> wanted, String remedy) {
      add(name, wanted.contains(said.get(name)), String.join(" or ", wanted), remedy);
    }

    void atLeast(String name, int wanted, String remedy) {
      String value = said.getOrDefault(name, "");
      boolean enough = value.matches("[0-9]{1,9}") && Integer.parseInt(value) >= wanted;
      add(name, enough, "at least " + wanted, remedy);
    }

    /** Without either nobody can be rewound, only copied. */
    void rewinds() {
      boolean can =
          "on".equals(said.get("wal_log_hints")) || "on".equals(said.get("data_checksums"));
      add("wal_log_hints", can, "on, or data checksums,", "set wal_log_hints = on, restart");
    }
  }
}
