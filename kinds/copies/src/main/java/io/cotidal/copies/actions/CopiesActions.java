package io.cotidal.copies.actions;

import io.cotidal.model.Action;
import io.cotidal.model.Action.Field;
import io.cotidal.model.Permission;
import io.cotidal.model.Risk;
import java.util.List;

/** What people can ask of a template and its copies. */
public final class CopiesActions {
  private static final Field NAME = new Field("name", Action.Type.NAME, true, "the copy");
  private static final Field TTL =
      new Field(
          "ttl",
          Action.Type.TEXT,
          false,
          "how long it may live: 90m, 8h, 2d, a number of seconds, or never");

  /** Every action. */
  public static final List<Action> ALL =
      List.of(
          action("create", "Make a copy of the template's current generation.", Risk.SAFE)
              .taking(new Field("name", Action.Type.NAME, true, "what to call it"), TTL),
          action("delete", "Remove a copy and its data.", Risk.IRREVERSIBLE).taking(NAME),
          action(
                  "reset",
                  "Give a copy the template's data again; address and password stay.",
                  Risk.IRREVERSIBLE)
              .taking(
                  NAME,
                  new Field(
                      "refresh",
                      Action.Type.FLAG,
                      false,
                      "take the current generation instead of the one it was made from")),
          action("renew", "Let a copy live longer, counted from now.", Risk.SAFE).taking(NAME, TTL),
          action("stop", "Stop a copy's server; its data stays.", Risk.DISRUPTIVE).taking(NAME),
          action("start", "Start a copy's server again.", Risk.SAFE).taking(NAME),
          action("compare", "Compare a copy with the generation it was made from.", Risk.SAFE)
              .taking(NAME),
          new Action(
              "copies",
              "import",
              "Load a dump, or what an archive holds, into a new generation; copies made from then on"
                  + " hold it.",
              Permission.OPERATOR,
              Risk.SAFE,
              List.of(
                  new Field(
                      "dump",
                      Action.Type.TEXT,
                      false,
                      "its path on the daemon's host; the configured one if not given"),
                  text("to-time", "of an archive up to a time with its zone, 2026-11-23 14:05:00Z"),
                  text("to-lsn", "of an archive up to a position in the log, 16/B374D848"),
                  text("to-name", "of an archive up to a restore point"),
                  text(
                      "backup", "from this base backup; the newest before the target if not given"),
                  text("timeline", "on this timeline; the newest if not given"))));

  private static Field text(String name, String sentence) {
    return new Field(name, Action.Type.TEXT, false, sentence);
  }

  private record Draft(String name, String summary, Risk risk) {
    Action taking(Field... fields) {
      return new Action("copies", name, summary, Permission.USER, risk, List.of(fields));
    }
  }

  private CopiesActions() {}

  private static Draft action(String name, String summary, Risk risk) {
    return new Draft(name, summary, risk);
  }
}
