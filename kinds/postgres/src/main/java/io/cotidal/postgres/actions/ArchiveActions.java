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
                      "7d, 12h or 30m; not with pgBackRest, which has its own retention"))));

  private ArchiveActions() {}

  private static Action action(String name, String sentence, Risk risk, List<Action.Field> fields) {
    return new Action("postgres", name, sentence, Permission.OPERATOR, risk, fields);
  }
}
