package io.cotidal.postgres.actions;

import io.cotidal.model.Action;
import io.cotidal.model.Permission;
import io.cotidal.model.Risk;
import java.util.List;

/** What people can ask of a cluster's archive. */
final class ArchiveActions {
  static final List<Action> ALL =
      List.of(
          action("archive-start", "Go on with archiving after archive-stop.", Risk.SAFE, List.of()),
          action(
              "archive-stop",
              "Archive nothing until archive-start. The log waits on the primary's disk.",
              Risk.DISRUPTIVE,
              List.of()),
          action(
              "archive-check",
              "Look whether the archive has no gap and knows the primary's timeline.",
              Risk.SAFE,
              List.of()),
          action(
              "archive-expire",
              "Remove from the archive what is old and what no backup and no member needs.",
              Risk.IRREVERSIBLE,
              List.of(
                  new Action.Field(
                      "older-than",
                      Action.Type.TEXT,
                      false,
                      "7d, 12h or 30m; not with pgBackRest, which has its own retention"))),
          action(
              "backup",
              "Take a base backup into the archive, and prove it.",
              Risk.SAFE,
              List.of(
                  new Action.Field(
                      "member",
                      Action.Type.MEMBER,
                      false,
                      "whom to take it of; a replica that streams if not given"))),
          action(
              "restore",
              "Make this cluster out of another one's archive, as that was then.",
              Risk.SAFE,
              List.of(
                  new Action.Field(
                      "primary",
                      Action.Type.MEMBER,
                      false,
                      "the member that becomes primary; the first if not given"),
                  text("to-time", "up to a time with its zone, 2026-11-23 14:05:00Z"),
                  text("to-lsn", "up to a position in the log, 16/B374D848"),
                  text("to-name", "up to a restore point"),
                  text(
                      "backup", "from this base backup; the newest before the target if not given"),
                  text("timeline", "on this timeline; the newest if not given"))));

  private ArchiveActions() {}

  private static Action.Field text(String name, String sentence) {
    return new Action.Field(name, Action.Type.TEXT, false, sentence);
  }

  private static Action action(String name, String sentence, Risk risk, List<Action.Field> fields) {
    return new Action("postgres", name, sentence, Permission.OPERATOR, risk, fields);
  }
}
