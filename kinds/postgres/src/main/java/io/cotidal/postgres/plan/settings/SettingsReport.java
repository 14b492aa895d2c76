package io.cotidal.postgres.plan.settings;

import io.cotidal.engine.State;
import io.cotidal.model.Details;
import io.cotidal.model.Report;
import io.cotidal.model.Report.Verdict;
import io.cotidal.postgres.observe.PgFacts;
import io.cotidal.postgres.observe.ServerSettings;
import io.cotidal.postgres.plan.settings.SettingsDiff.Line;
import io.cotidal.postgres.plan.settings.SettingsDiff.Takes;
import io.cotidal.postgres.spec.PostgresSpec;
import io.cotidal.postgres.spec.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The parameters that are ours to set, as a diff: what is wanted against what is in force. */
public final class SettingsReport {
  private final PostgresSpec spec;
  private final SettingsBoard board;

  /** As of that state. */
  public SettingsReport(PostgresSpec spec, State<PgFacts> state) {
    this.spec = spec;
    this.board = new SettingsBoard(spec, state);
  }

  /**
   * Answers it.
   *
   * @param all whether what is in force already is shown, too
   */
  public Report report(boolean all) {
    if (!spec.practice().care().settings()) {
      return new Report(
          "settings-care is switched off: parameters reach a member at its next start", List.of());
    }
    List<Report.Line> lines = new ArrayList<>();
    int differ = 0;
    for (Server server : spec.servers()) {
      Optional<ServerSettings> said = board.settings(server.id());
      if (said.isEmpty()) {
        lines.add(
            new Report.Line(
                server.id().name(), Verdict.UNKNOWN, "what it has in force is not known"));
        continue;
      }
      for (Line line : board.lines(server)) {
        differ += line.takes() == Takes.NOTHING ? 0 : 1;
        if (all || line.takes() != Takes.NOTHING) {
          lines.add(line(server, line));
        }
      }
      for (String name : said.get().waiting()) {
        if (board.lines(server).stream().noneMatch(line -> line.parameter().equals(name))) {
          lines.add(waits(server, name));
        }
      }
      entrance(server, said.get().entrance(), lines);
    }
    return new Report(
        differ == 0 ? "everything that is declared is in force" : differ + " differ", lines);
  }

  private static Report.Line line(Server server, Line line) {
    Details facts = Details.of("now", line.now()).with("takes", word(line.takes()));
    facts = line.wanted().isPresent() ? facts.with("wanted", line.wanted().get()) : facts;
    facts = line.by().isEmpty() ? facts : facts.with("set-by", line.by());
    return new Report.Line(
        server.id() + " " + line.parameter(),
        line.takes() == Takes.NOTHING ? Verdict.YES : Verdict.NO,
        sentence(line),
        remedy(server, line),
        facts);
  }

  private static String word(Takes takes) {
    return switch (takes) {
      case NOTHING -> "nothing";
      case RELOAD -> "reload";
      case RESTART -> "restart";
      case OTHERS -> "somebody else";
      case ANOTHER_VALUE -> "another value";
    };
  }

  private static String sentence(Line line) {
    String change = line.values();
    return switch (line.takes()) {
      case NOTHING -> line.now() + (line.by().isEmpty() ? "" : ", set by " + line.by());
      case RELOAD -> change + ": a reload";
      case RESTART -> change + ": a restart";
      case OTHERS -> change + ": what is set in " + line.by() + " counts, and is left alone";
      case ANOTHER_VALUE -> change + ": " + line.problem();
    };
  }

  private static String remedy(Server server, Line line) {
    return switch (line.takes()) {
      case NOTHING -> "";
      case RELOAD -> "the operation settings does it by itself in mode manage";
      case RESTART ->
          server.gated()
              ? "cot roll-out"
              : "it is reached by SQL alone: set it there, and start it anew";
      case OTHERS ->
          line.by().startsWith("postgresql.auto.conf")
              ? "ALTER SYSTEM RESET " + line.parameter() + ", or declare that value"
              : "take it out there, or declare that value";
      case ANOTHER_VALUE -> "correct it in settings";
    };
  }

  private static Report.Line waits(Server server, String name) {
    return new Report.Line(
        server.id() + " " + name,
        Verdict.NO,
        "was set by somebody else and waits for a restart",
        server.gated() ? "cot restart --member " + server.id() : "start it anew",
        Details.of("takes", "restart"));
  }

  private static void entrance(
      Server server, ServerSettings.Entrance entrance, List<Report.Line> lines) {
    if (!entrance.missing().isEmpty()) {
      lines.add(
          new Report.Line(
              server.id() + " pg_hba.conf",
              Verdict.NO,
              "lacks our lines for " + String.join(", ", entrance.missing()),
              "the operation settings does it by itself in mode manage",
              Details.NONE));
    }
    for (String error : entrance.errors()) {
      lines.add(
          new Report.Line(
              server.id() + " pg_hba.conf",
              Verdict.NO,
              "line " + error + "; until it is corrected the server reads no change of that file",
              "correct it there",
              Details.NONE));
    }
  }
}
