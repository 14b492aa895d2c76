package io.cotidal.postgres.steps;

import io.cotidal.model.Details;
import io.cotidal.model.Inspection;
import io.cotidal.pgclient.PgException;
import io.cotidal.pgclient.PgSession;
import io.cotidal.pgclient.Quote;
import io.cotidal.pgclient.Trouble;
import io.cotidal.postgres.acts.Acts;
import io.cotidal.postgres.observe.ServerSettings;
import io.cotidal.postgres.observe.ServerSettings.Parameter;
import io.cotidal.postgres.observe.SettingsWatch;
import io.cotidal.postgres.plan.settings.SettingsDiff;
import io.cotidal.postgres.plan.settings.SettingsDiff.Line;
import io.cotidal.postgres.plan.settings.SettingsDiff.Takes;
import io.cotidal.postgres.reach.Inside;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.remote.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@link Acts#SETTINGS}. Where there is a gate a file of ours is written: what somebody sets by
 * {@code ALTER SYSTEM} is never touched by that and goes before ours, and a copy or a rewind of
 * another member cannot bring along what is not this one's. By SQL alone there is no other way than
 * {@code ALTER SYSTEM}; what needs a restart is left to whoever runs such a server, for nobody here
 * could put it back if it did not start.
 */
final class SettingsSetup implements Act {
  /** What the server would make of our file if it read it now. */
  private static final String COMPLAINTS =
      """
      SELECT f.name || ' = ''' || coalesce(f.setting, '') || ''': ' || f.error
      FROM pg_file_settings AS f LEFT JOIN pg_settings AS s ON lower(s.name) = lower(f.name)
      WHERE f.error IS NOT NULL AND f.sourcefile LIKE '%/cotidal.conf'
        AND s.context IS DISTINCT FROM 'postmaster'
      ORDER BY f.seqno
      """;

  private static final String ERRORS =
      "SELECT line_number || ': ' || error FROM pg_hba_file_rules WHERE error IS NOT NULL"
          + " ORDER BY line_number";

  /** Each name of such a list is one literal. */
  private static final Set<String> LISTS =
      Set.of(
          "local_preload_libraries",
          "search_path",
          "session_preload_libraries",
          "shared_preload_libraries",
          "temp_tablespaces",
          "unix_socket_directories");

  private final Cluster cluster;

  SettingsSetup(Cluster cluster) {
    this.cluster = cluster;
  }

  private PostgresSpec spec() {
    return cluster.spec();
  }

  @Override
  public Details act(Turn turn) throws ActFailed, PgException, IOException, InterruptedException {
    if (!spec().practice().care().settings()) {
      throw new ActFailed("settings-care is switched off");
    }
    ServerSettings now = settings(turn);
    List<Line> due = due(turn, now);
    refuse(turn, now);
    if (turn.node().server().gated()) {
      byFile(turn, now);
    } else {
      bySql(turn);
    }
    turn.sql((session, until) -> {
      session.run("SELECT pg_reload_conf()", until.left());
      return true;
    });
    boolean force =
        turn.await(turn.deadline().most(), Turn.CALM, () -> due(turn, settings(turn)).isEmpty());
    if (!force) {
      throw new IOException(
          turn.node().id() + ": not in force yet: " + names(due(turn, settings(turn))));
    }
    if (turn.node().server().gated()) {
      new OwnFile(spec(), turn).forget();
    }
    return due.isEmpty() ? Details.NONE : Details.of(Acts.SET, names(due));
  }

  @Override
  public Inspection inspect(Turn turn) throws PgException, IOException, InterruptedException {
    List<Line> due = due(turn, settings(turn));
    return due.isEmpty()
        ? new Inspection.Applied(Details.NONE)
        : new Inspection.NotApplied(turn.node().id() + " lacks " + names(due));
  }

  private ServerSettings settings(Turn turn) throws PgException, InterruptedException {
    return turn.sql(
        (session, until) -> SettingsWatch.read(spec(), turn.node().server(), session, until));
  }

  /** What a reload would bring. */
  private List<Line> due(Turn turn, ServerSettings now) {
    Set<String> asked = Set.copyOf(list(turn, Acts.SET));
    Set<String> back = Set.copyOf(list(turn, Acts.RESET));
    boolean gated = turn.node().server().gated();
    return lines(turn, now).stream()
        .filter(line -> line.takes() == Takes.RELOAD)
        .filter(
            line -> gated || (line.wanted().isPresent() ? asked : back).contains(line.parameter()))
        .toList();
  }

  private List<Line> lines(Turn turn, ServerSettings now) {
    return turn.node().server().gated()
        ? SettingsDiff.gated(spec(), turn.node().server(), now)
        : SettingsDiff.claimed(
            spec(), turn.node().server(), now, list(turn, Acts.SET), list(turn, Acts.RESET));
  }

  private static List<String> list(Turn turn, String argument) {
    return Arrays.stream(turn.argument(argument).split(","))
        .filter(name -> !name.isEmpty())
        .toList();
  }

  private static String names(List<Line> lines) {
    return lines.stream().map(Line::parameter).collect(Collectors.joining(", "));
  }

  /** All or nothing: one value that cannot be keeps every other one out. */
  private void refuse(Turn turn, ServerSettings now) throws ActFailed {
    for (Line line : lines(turn, now)) {
      if (line.takes() == Takes.ANOTHER_VALUE) {
        throw new ActFailed(
            line.parameter()
                + " = '"
                + line.wanted().orElse("")
                + "': "
                + line.problem()
                + "; nothing was changed");
      }
    }
  }

  private void byFile(Turn turn, ServerSettings now)
      throws ActFailed, PgException, IOException, InterruptedException {
    OwnFile file = new OwnFile(spec(), turn);
    String before = file.text();
    String after = OwnFile.text(atOnce(file, before, now));
    if (!after.equals(before)) {
      if (!before.isEmpty() && file.remembered().isEmpty() && !file.remember(before)) {
        throw new ActFailed(
            "the gate of "
                + turn.node().id()
                + " is of an earlier release: run cot member prepare again");
      }
      file.write(after);
      List<String> complaints = complaints(turn);
      if (!complaints.isEmpty()) {
        file.write(before);
        file.forget();
        throw new ActFailed(complaints.getFirst() + "; nothing was changed");
      }
    }
    entrance(turn, new ServerFiles(spec(), turn));
  }

  private static List<String> complaints(Turn turn) throws PgException, InterruptedException {
    try {
      return turn.sql((session, until) ->
          session.all(COMPLAINTS, until.left(), row -> String.valueOf(row.getString(1))));
    } catch (PgException e) {
      if (e.trouble() instanceof Trouble.Rejected rejected) {
        // Some values it cannot even look at.
        return List.of(rejected.reason());
      }
      throw e;
    }
  }

  /** What our file is to say now: all that is declared, but what takes effect at a start only. */
  private static SequencedMap<String, String> atOnce(
      OwnFile file, String before, ServerSettings now) throws IOException, InterruptedException {
    SequencedMap<String, String> had = ServerFiles.parse(before);
    SequencedMap<String, String> next = file.declared();
    next.entrySet()
        .removeIf(entry -> {
          Parameter parameter = now.parameters().get(entry.getKey());
          return parameter != null && parameter.atStart() && !had.containsKey(entry.getKey());
        });
    had.forEach((name, value) -> {
      Parameter parameter = now.parameters().get(name);
      if (parameter != null && parameter.atStart()) {
        next.put(name, value);
      }
    });
    return next;
  }

  /** Our lines of who is let in; what was there is put back if the server cannot read the file. */
  private static void entrance(Turn turn, ServerFiles files)
      throws ActFailed, PgException, IOException, InterruptedException {
    Inside inside = turn.inside();
    Path file = files.entrance();
    String before = inside.read(file).orElse("");
    Optional<String> right = files.staleEntrance(before);
    if (right.isEmpty()) {
      return;
    }
    List<String> known = errors(turn);
    inside.write(file, right.get());
    List<String> errors = errors(turn);
    if (errors.size() > known.size()) {
      inside.write(file, before);
      throw new ActFailed("pg_hba.conf, line " + errors.getFirst() + "; it is as it was");
    }
  }

  private static List<String> errors(Turn turn) throws PgException, InterruptedException {
    return turn.sql((session, until) ->
        session.all(ERRORS, until.left(), row -> String.valueOf(row.getString(1))));
  }

  private void bySql(Turn turn) throws PgException, InterruptedException {
    for (String name : list(turn, Acts.SET)) {
      String value = spec().settings().get(name);
      if (value != null) {
        turn.sql((session, until) ->
            altered(session, until, Quote.identifier(name) + " = " + literals(name, value)));
      }
    }
    for (String name : list(turn, Acts.RESET)) {
      turn.sql((session, until) -> {
        session.run("ALTER SYSTEM RESET " + Quote.identifier(name), until.left());
        return true;
      });
    }
  }

  private static boolean altered(PgSession session, Deadline until, String what)
      throws PgException {
    session.run("ALTER SYSTEM SET " + what, until.left());
    return true;
  }

  private static String literals(String name, String value) {
    return LISTS.contains(name)
        ? Arrays.stream(value.split(","))
            .map(String::strip)
            .map(Quote::literal)
            .collect(Collectors.joining(", "))
        : Quote.literal(value);
  }
}
